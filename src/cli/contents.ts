/** The kinds of things that an input of the command line holds, and which commands take them. */
import { loadSymmetry } from "../crystal/symmetry/symmetry-engine.ts";
import { type Contents, readContents, type ReadContentsOptions } from "../data/contents.ts";
import { isArchive } from "../data/import/archive.ts";
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
