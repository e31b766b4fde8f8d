// Makes a fresh clone ready: installs the locked packages unless exactly they are already there.
// `npm start` and `npm test` call it first, so that each is complete on its own.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

function lockedPackages(path) {
  const { packages } = JSON.parse(readFileSync(path, "utf8"));
  return Object.entries(packages).filter(([name]) => name !== "");
}

function isInstalled() {
  let installed;
  try {
    installed = new Map(lockedPackages("node_modules/.package-lock.json"));
  } catch {
    return false;
  }
  return lockedPackages("package-lock.json").every(
    ([name, entry]) => entry.optional || installed.get(name)?.version === entry.version,
  );
}

if (!isInstalled()) {
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], {
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
}
