/** What an input of the command line holds, and which commands take it. */
import { loadSymmetry } from "../crystal/index.ts";
import {
  type Content,
  type Contents,
  isArchive,
  readContents,
  type ReadContentsOptions,
  type ScanContent,
  type StructureContent,
} from "../data/index.ts";
import { EwaldError } from "../errors.ts";
import { archiveContents } from "./archives.ts";
import { type Input, readBytes } from "./inputs.ts";

/** @throws EwaldError of the readers, where nothing could be read */
export async function loadContents(
  input: Input,
  options: ReadContentsOptions = {},
): Promise<Contents> {
  if (input.kind === "unread") throw input.error;
  await loadSymmetry();
  if (input.kind === "rows") return { contents: input.contents, failures: [] };
  const bytes = await readBytes(input.path);
  if (isArchive(input.path)) return archiveContents(bytes, input.path, options);
  return readContents(bytes, input.path, options);
}

/** @throws EwaldError `read/wrong-kind` for a scan */
export function requireStructure(content: Content): StructureContent {
  if (content.kind === "structure") return content;
  throw new EwaldError("read/wrong-kind", "this is a measured scan, not a structure", {
    source: content.input,
    hint: "ewald identify finds structures to a scan; ewald read and ewald convert take scans too.",
  });
}

/** @throws EwaldError `read/wrong-kind` for a structure */
export function requireScan(content: Content): ScanContent {
  if (content.kind === "scan") return content;
  throw new EwaldError("read/wrong-kind", "this is a structure, not a measured scan", {
    source: content.input,
    hint: "ewald simulate gives the pattern of a structure.",
  });
}
