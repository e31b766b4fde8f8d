// Other axes and other formats: a scan over Q, a structure as POSCAR.
import { readFile } from "node:fs/promises";
import { readScan, readStructures } from "ewald";
import { writePoscar } from "ewald/crystal";
import { parseRadiation } from "ewald/radiation";
import { convertScanAxis, withRadiation, writeScan } from "ewald/scan";

const { scan } = readScan(await readFile("examples/quartz-simulated.xy"));
const known = withRadiation(scan, parseRadiation("CuKa1")); // the file need not state it
console.log(writeScan(convertScanAxis(known, "q"), "xy").split("\n").slice(4, 7).join("\n"));

const [{ structure }] = readStructures(await readFile("examples/rutile.cif")).structures;
console.log(writePoscar(structure, "rutile"));
