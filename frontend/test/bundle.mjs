// `node bundle.mjs SOURCE.ts OUT [browser]`: one module for node, or with the browser's own settings.
import { build } from "esbuild";

const [source, outfile, platform = "node"] = process.argv.slice(2);
await build({ entryPoints: [source], outfile, platform, bundle: true, format: "esm", target: "es2022", logLevel: "warning" });
