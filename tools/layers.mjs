// The arrows of the house: a folder imports only from the folders of the floors below it (and from itself, and from the files that
// stand in `src` itself); files never import each other in a circle, not even for a type. CONTRIBUTING draws the floors; `npm run lint`
// fails on any other import.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Ground floor first; rooms of one floor do not know each other. */
const FLOORS = [
  ["math", "radiation", "formats"],
  ["crystal"],
  ["diffraction", "scan"],
  ["fit", "net"],
  ["data", "models"],
  ["known"],
  ["systems"],
  ["identify"],
  ["report"],
  ["jobs"],
  ["scale", "reproduce"],
  ["server"],
  ["cli"],
];
/** Rooms that need less than all that lies below them, or a room beside them. */
const OTHERWISE = {
  radiation: ["math"],
  crystal: ["math", "formats"],
  diffraction: ["math", "radiation", "crystal"],
  scan: ["math", "radiation", "formats"],
  net: ["math", "formats"],
};

/** Folder → folders it may import from. */
export const LAYERS = Object.fromEntries(
  FLOORS.flatMap((rooms, floor) =>
    rooms.map((room) => [room, OTHERWISE[room] ?? FLOORS.slice(0, floor).flat()]),
  ),
);

/** Recipes of papers: only they themselves and the command that runs them may import one. */
const RECIPES = "reproduce";
const MAY_RUN_RECIPES = new Set(["cli"]);

function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourceFiles(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Imports of each file, as paths below `src` with the line they stand in. */
function importsOf(src) {
  const files = new Map();
  for (const file of sourceFiles(src)) {
    const from = relative(src, file).split(sep).join(posix.sep);
    const text = readFileSync(file, "utf8");
    const found = [];
    for (const match of text.matchAll(/(from|import)\s*(\()?\s*["'](\.{1,2}\/[^"']+)["']/g)) {
      const to = relative(src, resolve(dirname(file), match[3]))
        .split(sep)
        .join(posix.sep);
      // What is loaded when it is first wanted closes no circle.
      found.push({
        to,
        line: text.slice(0, match.index).split("\n").length,
        isLater: match[2] !== undefined,
      });
    }
    files.set(from, found);
  }
  return files;
}

/** Every import under `src` that crosses a layer the wrong way, as readable lines. */
export function upwardImports(src) {
  const problems = [];
  for (const [from, found] of importsOf(src)) {
    const [layer, inner] = from.split("/");
    if (inner === undefined) continue;
    if (!(layer in LAYERS))
      problems.push(`${from}: folder "${layer}" has no place in tools/layers.mjs`);
    for (const { to: target, line } of found) {
      const [to, toInner, toFile] = target.split("/");
      if (toInner === undefined) continue;
      if (to === layer) {
        // A file of `systems` itself says what all systems have in common.
        const isOtherSystem =
          layer === "systems" &&
          inner !== toInner &&
          from.split("/").length > 2 &&
          toFile !== undefined;
        if (isOtherSystem) problems.push(`${from}:${line}: one system imports another (${target})`);
      } else if (!LAYERS[layer]?.includes(to)) {
        problems.push(`${from}:${line}: ${layer} may not import ${to} (${target})`);
      } else if (to === RECIPES && !MAY_RUN_RECIPES.has(layer)) {
        problems.push(
          `${from}:${line}: only the command that runs recipes may import one (${target})`,
        );
      }
    }
  }
  return problems;
}

/** Files that import each other in a circle, each circle once, as readable lines. */
export function circles(src) {
  const files = importsOf(src);
  const problems = [];
  const state = new Map();
  const path = [];
  function visit(file) {
    state.set(file, "open");
    path.push(file);
    for (const { to, isLater } of files.get(file) ?? []) {
      if (isLater) continue;
      if (state.get(to) === "open")
        problems.push(`circle: ${[...path.slice(path.indexOf(to)), to].join(" → ")}`);
      else if (!state.has(to)) visit(to);
    }
    path.pop();
    state.set(file, "done");
  }
  for (const file of files.keys()) if (!state.has(file)) visit(file);
  return problems;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const problems = existsSync("src") ? [...upwardImports("src"), ...circles("src")] : [];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) {
    console.error(`${problems.length} import(s) are none of those drawn in CONTRIBUTING.md`);
    process.exit(1);
  }
}
