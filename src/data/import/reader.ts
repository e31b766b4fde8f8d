/** The structure reader of the crystal layer as importers use it. */
import { readStructures } from "../../crystal/index.ts";
import type { StructureReader } from "./source.ts";

/** CIF, POSCAR, pymatgen JSON, OPTIMADE JSON, by content. */
export const readNamedStructures: StructureReader = (content, fileName) => {
  const { structures, failures } = readStructures(content, { name: fileName });
  return {
    structures: structures.map(({ name, structure }) => ({ name: name ?? null, structure })),
    failures,
  };
};
