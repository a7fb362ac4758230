// Bundles the extension into one file; `node build.mjs --minify` for the package.
import { build } from "esbuild";

await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  minify: process.argv.includes("--minify"),
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
});
