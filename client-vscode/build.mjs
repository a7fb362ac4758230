// Bundles the extension into dist/extension.js. `--package`: minified, with THIRD-PARTY.md, which
// holds the licence of every package whose code is in the bundle.
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

import { build } from "esbuild";

const forPackage = process.argv.includes("--package");

const { metafile } = await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  minify: forPackage,
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
});

if (forPackage) await writeFile("THIRD-PARTY.md", await licences(Object.keys(metafile.inputs)));

async function licences(inputs) {
  const folders = new Set(inputs.map(packageOf).filter(Boolean));
  const parts = await Promise.all([...folders].sort().map(licenceOf));
  const head = "# Licences\n\nThe bundle `dist/extension.js` contains code of these packages.\n";
  return [head, ...parts].join("\n");
}

/** The folder of the package that a file of the bundle comes from. */
function packageOf(input) {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return found?.[1];
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(
    await readFile(path.join(folder, "package.json"), "utf8"),
  );
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${name} has no licence file; it cannot be bundled`);
  const text = (await readFile(path.join(folder, file), "utf8")).trim();
  return `## ${name} ${version} (${license})\n\n\`\`\`text\n${text}\n\`\`\`\n`;
}
