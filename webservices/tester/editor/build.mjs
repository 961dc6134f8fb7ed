/*
 * Builds ../static/tester/editor/: the editor as one file, and the licences of all that is in it.
 *
 *   npm ci && npm run build
 *
 * What is built is committed: nobody needs node to run the hub. A test builds it again and compares.
 */

import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";

const OUT = process.argv[2] || "../static/tester/editor";
mkdirSync(OUT, { recursive: true });

const built = await build({
  entryPoints: ["src/editor.js"], outfile: `${OUT}/editor.js`, bundle: true, minify: true, format: "iife",
  globalName: "CounterpartEditor", target: "es2020", legalComments: "none", metafile: true,
  banner: { js: "/* Built from webservices/tester/editor by `npm run build`; licences in LICENCES.txt. */" },
});

const packages = new Set();
for (const path of Object.keys(built.metafile.inputs)) {
  const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (found) packages.add(found[1]);
}
const licences = [...packages].sort().map((name) => {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  const text = file && existsSync(`${folder}/${file}`) ? readFileSync(`${folder}/${file}`, "utf8").trim() : license;
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync(`${OUT}/LICENCES.txt`, licences.join(`\n${"-".repeat(80)}\n\n`));
