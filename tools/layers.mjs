// The arrows of the house: a folder imports only from the folders named here (and from itself, and
// from src/errors.ts). CONTRIBUTING draws them; `npm run lint` fails on any other import.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

const GROUND = ["math", "radiation", "formats"];
const SYSTEMS_MAY = [
  ...GROUND,
  "crystal",
  "diffraction",
  "scan",
  "fit",
  "net",
  "data",
  "known",
  "scale",
];

/** Folder → folders it may import from. */
export const LAYERS = {
  math: [],
  radiation: ["math"],
  formats: [],
  crystal: ["math", "formats"],
  diffraction: ["math", "radiation", "crystal"],
  scan: ["math", "radiation", "formats"],
  fit: ["math", "radiation", "crystal", "diffraction", "scan"],
  net: ["math", "formats"],
  data: [...GROUND, "crystal", "diffraction", "scan"],
  known: [...GROUND, "crystal", "data"],
  scale: ["math"],
  systems: SYSTEMS_MAY,
  identify: [...SYSTEMS_MAY, "systems"],
  report: [...SYSTEMS_MAY, "systems", "identify"],
  jobs: [...SYSTEMS_MAY, "systems", "identify", "report"],
  cli: [...SYSTEMS_MAY, "systems", "identify", "report", "jobs", "server"],
  server: [...SYSTEMS_MAY, "systems", "identify", "report"],
};

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Every import under `src` that crosses a layer the wrong way, as readable lines. */
export function upwardImports(src) {
  const problems = [];
  for (const file of sourceFiles(src)) {
    const from = relative(src, file).split(sep).join(posix.sep);
    const [layer, inner] = from.split("/");
    if (inner === undefined) continue;
    const text = readFileSync(file, "utf8");
    if (!(layer in LAYERS))
      problems.push(`${from}: folder "${layer}" has no place in tools/layers.mjs`);
    for (const match of text.matchAll(/(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g)) {
      const target = relative(src, resolve(dirname(file), match[1]))
        .split(sep)
        .join(posix.sep);
      const [to, toInner] = target.split("/");
      const line = text.slice(0, match.index).split("\n").length;
      if (toInner === undefined) continue;
      if (to === layer) {
        const crossesSystems =
          layer === "systems" && inner !== toInner && from.split("/").length > 2;
        if (crossesSystems)
          problems.push(`${from}:${line}: one system imports another (${target})`);
      } else if (!LAYERS[layer]?.includes(to)) {
        problems.push(`${from}:${line}: ${layer} may not import ${to} (${target})`);
      }
    }
  }
  return problems;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const problems = existsSync("src") ? upwardImports("src") : [];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) {
    console.error(`${problems.length} import(s) cross the layers drawn in CONTRIBUTING.md`);
    process.exit(1);
  }
}
