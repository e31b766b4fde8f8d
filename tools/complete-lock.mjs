// Run after any change of dependencies: `npm install --package-lock-only`, then this.
//
// npm leaves the binaries of other platforms out of package-lock.json where the registry at hand does not
// hold them, and `npm ci` then refuses the lock everywhere. Their names and versions stand in their
// parents' entries, their platforms in their names: this adds them (not installed here, so without a
// hash) and removes the addresses of packages, which are the registry's own.
import { readFileSync, writeFileSync } from "node:fs";

const PATH = "package-lock.json";
const lock = JSON.parse(readFileSync(PATH, "utf8"));
const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const PROCESSORS = ["arm64", "arm", "x64", "ia32", "ppc64", "riscv64", "s390x", "loong64"];

function platformOf(name) {
  const words = name.split("/").at(-1).split("-");
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  const libc = words.some((word) => word.startsWith("musl")) ? "musl" : "glibc";
  const isLinux = os === "linux";
  return os === undefined || cpu === undefined
    ? undefined
    : { cpu: [cpu], os: [os], ...(isLinux ? { libc: [libc] } : {}) };
}

let added = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  delete entry.resolved;
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
    const platform = platformOf(name);
    if (path === "" || platform === undefined || places.some((place) => place in lock.packages))
      continue;
    lock.packages[`node_modules/${name}`] = {
      version,
      ...platform,
      ...(entry.dev ? { dev: true } : {}),
      license: entry.license,
      optional: true,
      engines: entry.engines,
    };
    added++;
  }
}
const root = lock.packages[""];
delete lock.packages[""];
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = { "": root, ...Object.fromEntries(sorted) };
writeFileSync(PATH, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} optional packages of other platforms added`);
