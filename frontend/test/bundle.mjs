// `node bundle.mjs SOURCE.ts OUT.mjs`: one module that node can run, as the browser's build would make it.
import { build } from "esbuild";

const [source, outfile] = process.argv.slice(2);
await build({ entryPoints: [source], outfile, bundle: true, platform: "node", format: "esm", target: "es2022", logLevel: "warning" });
