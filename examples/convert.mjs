// Other axes and other formats: a scan over Q, a structure as POSCAR.
import { readFile } from "node:fs/promises";
import { readScan, readStructures } from "ewald";
import { writePoscar } from "ewald/crystal";
import { parseRadiation } from "ewald/radiation";
import { convertScanAxis, withRadiation, writeScan } from "ewald/scan";

const { scan } = readScan(await readFile("examples/quartz-simulated.xy"));
const known = withRadiation(scan, parseRadiation("CuKa1")); // the file need not state it
const lines = writeScan(convertScanAxis(known, "q"), "xy").split("\n");
console.log(lines.slice(7, 10).join("\n"));

const [{ structure }] = readStructures(await readFile("examples/rutile.cif")).structures;
console.log(writePoscar(structure, "rutile"));
