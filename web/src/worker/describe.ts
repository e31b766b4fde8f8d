/** A structure's facts for the page: the record of `ewald read`. */
import { loadSymmetry } from "../../../src/crystal/symmetry/symmetry-engine.ts";
import type { StructureContent } from "../../../src/data/contents.ts";
import { type ReadStructureRecord, structureFacts } from "../../../src/jobs/read/record.ts";

export async function describeStructure(content: StructureContent): Promise<ReadStructureRecord> {
  await loadSymmetry();
  return structureFacts(content, {});
}
