/** The structure reader of the crystal layer as importers use it. */
import { readStructures } from "../../crystal/io/read-structures.ts";
import { EwaldError } from "../../errors.ts";
import { readScan } from "../../scan/read.ts";
import { NO_STRUCTURE } from "../contents.ts";
import type { StructureReader } from "./source.ts";

/** CIF, POSCAR, pymatgen JSON, OPTIMADE JSON, by content. */
export const readNamedStructures: StructureReader = (content, fileName) => {
  const { structures, failures } = readStructures(content, { name: fileName });
  return {
    structures: structures.map(({ name, structure }) => ({ name: name ?? null, structure })),
    failures,
  };
};

/**
 * A file that nobody named one by one: a scan, also one in CIF or JSON, is said to be one.
 * @throws EwaldError `read/wrong-kind` for a scan; of the structure readers
 */
export const readStructureFile: StructureReader = (content, fileName) => {
  try {
    return readNamedStructures(content, fileName);
  } catch (error) {
    const perhaps = error instanceof EwaldError && NO_STRUCTURE.has(error.code);
    if (!perhaps || !isScan(content, fileName)) throw error;
    throw new EwaldError("read/wrong-kind", "this is a measured scan, not a structure", {
      source: fileName,
    });
  }
};

function isScan(content: Uint8Array | string, name: string): boolean {
  try {
    readScan(typeof content === "string" ? new TextEncoder().encode(content) : content, { name });
    return true;
  } catch (error) {
    if (error instanceof EwaldError) return false;
    throw error;
  }
}
