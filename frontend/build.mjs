// Builds what the browser runs. `node build.mjs` writes; `--check` only checks types; `--watch` rebuilds while you work.
//
// Every file in src/entries becomes one module of the same name in src/anguan/ui/static/anguan. Names carry no hash:
// Django's manifest storage adds it when the files are collected.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(here, "../src/anguan/ui/static/anguan");
const fontsOut = resolve(here, "../src/anguan/ground/fonts");

// Full faces, no subset: a person's name may hold any character of the standard.
const fonts = ["400Regular/NotoSerifSC_400Regular.ttf", "700Bold/NotoSerifSC_700Bold.ttf"];

function checkTypes() {
  execFileSync(process.execPath, [join(here, "node_modules/typescript/bin/tsc"), "--noEmit"], { cwd: here, stdio: "inherit" });
}

function copyFonts() {
  const from = join(here, "node_modules/@expo-google-fonts/noto-serif-sc");
  mkdirSync(fontsOut, { recursive: true });
  for (const font of fonts) {
    const source = join(from, font);
    const target = join(fontsOut, font.split("/").at(-1));
    if (!existsSync(target) || statSync(target).size !== statSync(source).size) copyFileSync(source, target);
  }
}

// MapLibre's worker as a file of its own: a policy without blob: scripts allows nothing else.
function copyWorker() {
  mkdirSync(out, { recursive: true });
  // Its licence asks to go with what is handed on.
  copyFileSync(join(here, "node_modules/maplibre-gl/LICENSE.txt"), join(out, "map.LICENSE.txt"));
  const source = readFileSync(join(here, "node_modules/maplibre-gl/dist/maplibre-gl-csp-worker.js"), "utf8");
  // The map of its sources isn't shipped, and whoever names the files by content would look for it.
  writeFileSync(join(out, "map-worker.js"), source.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n"));
}

async function build(watch) {
  const esbuild = await import("esbuild");
  const entries = join(here, "src/entries");
  const common = { bundle: true, minify: !watch, outdir: out, logLevel: "warning", legalComments: "none" };
  const modules = {
    ...common,
    entryPoints: readdirSync(entries).filter((name) => name.endsWith(".ts")).map((name) => join(entries, name)),
    format: "esm",
    target: ["es2022"],
  };
  // Runs before the first paint, so it is a classic script that blocks.
  const early = { ...common, entryPoints: [join(here, "src/early/theme.ts")], format: "iife", target: ["es2017"] };
  // Served at /m/sw.js with the list of what it keeps in front (web/phone.py).
  const worker = { ...common, entryPoints: [join(here, "src/worker/worker.ts")], format: "iife", target: ["es2022"] };
  const styles = { ...common, entryPoints: ["app", "map"].map((name) => join(here, `src/styles/${name}.css`)), target: ["chrome111", "firefox113", "safari16.4"] };
  if (watch) {
    for (const options of [modules, early, worker, styles]) await (await esbuild.context(options)).watch();
    return;
  }
  await Promise.all([modules, early, worker, styles].map((options) => esbuild.build(options)));
}

const flags = new Set(process.argv.slice(2));
if (flags.has("--check")) {
  checkTypes();
} else {
  copyFonts();
  copyWorker();
  await build(flags.has("--watch"));
}
