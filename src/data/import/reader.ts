/** The structure reader of the crystal layer as importers use it. */
import { readStructures } from "../../crystal/io/read-structures.ts";
import { EwaldError, withSource } from "../../errors.ts";
import { mayHold, signatureOf, unpacked } from "../../formats/signatures.ts";
import type { Signature } from "../../formats/signatures.table.ts";
import { readScan } from "../../scan/read.ts";
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
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const signature = signatureIn(bytes, fileName);
  if (mayHold(signature, "structure") || !holdsScan(signature, bytes)) {
    return readNamedStructures(bytes, fileName);
  }
  throw new EwaldError("read/wrong-kind", "this is a measured scan, not a structure", {
    source: fileName,
  });
};

function signatureIn(bytes: Uint8Array, fileName: string): Signature {
  try {
    return signatureOf(unpacked(bytes));
  } catch (error) {
    throw withSource(error, fileName);
  }
}

/** Of a text without a signature the reader says whether it is one. */
function holdsScan(signature: Signature, bytes: Uint8Array): boolean {
  if (signature.format !== "text") return mayHold(signature, "scan");
  try {
    readScan(bytes);
    return true;
  } catch (error) {
    if (error instanceof EwaldError) return false;
    throw error;
  }
}
