/** The phases of a fit from the words that name them. */
import { readContents, requireStructure } from "../../data/contents.ts";
import { EwaldError, withSource } from "../../errors.ts";
import type { FitPhase } from "../../fit/whole-pattern/fit-types.ts";
import { fileNameOf } from "../../formats/file-name.ts";
import { KNOWN_FOLDER } from "../../known/load.ts";
import { loadPhaseLibrary, phaseById, recordOf } from "../../known/phases/phase-library.ts";
import { structureOf } from "../../known/phases/phase.ts";
import type { Environment } from "../job.ts";
import type { OptionsOf } from "../options.ts";
import type { FIT_OPTIONS, TexturePlane } from "./spec.ts";

type Options = OptionsOf<typeof FIT_OPTIONS>;

/**
 * The phases with the planes of their textures. Every word goes through {@link phaseOfWord}.
 * @throws EwaldError `file/not-read`, those of the readers, `fit/not-one-structure`, `fit/unknown-phase`
 */
export async function phasesOf(
  { phase: words, texture = [], symmetry }: Options,
  environment: Environment,
): Promise<readonly FitPhase[]> {
  const phases: FitPhase[] = [];
  for (const word of words) {
    const phase = await phaseOfWord(word, environment, symmetry);
    const copies = phases.filter(({ id }) => id.replace(/-\d+$/, "") === phase.id).length;
    phases.push(copies === 0 ? phase : { ...phase, id: `${phase.id}-${copies + 1}` });
  }
  return texture.reduce(withPlane, phases);
}

/** One phase of one word: the path of a file with one structure, else the id of a known phase. */
async function phaseOfWord(
  word: string,
  environment: Environment,
  symmetry: Options["symmetry"],
): Promise<FitPhase> {
  if (!(await environment.isFile(word))) {
    const found = phaseById([await loadPhaseLibrary(environment.models(KNOWN_FOLDER))], word);
    if (found !== undefined) {
      const record = recordOf(found);
      return { id: record.id, ...nameOf(record), structure: structureOf(record) };
    }
  }
  const { contents, failures } = readContents(
    await environment.readFile(word),
    word,
    symmetry === undefined ? {} : { symmetry },
  );
  if (failures.length > 0) throw withSource(failures[0]!, word);
  const [content, ...others] = contents;
  if (content === undefined || others.length > 0) {
    throw new EwaldError(
      "fit/not-one-structure",
      `${word} holds ${contents.length} structures: which is the phase?`,
      { value: contents.length, hint: "Give a file with one structure for each --phase." },
    );
  }
  const { structure, name } = requireStructure(content);
  const id = fileNameOf(word).replace(/\.[^.]+$/, "");
  return { id, ...nameOf({ name }), structure };
}

function nameOf({ name }: { readonly name?: string | undefined }): Pick<FitPhase, "name"> {
  return name === undefined ? {} : { name };
}

function withPlane(phases: FitPhase[], { phase, hkl }: TexturePlane): FitPhase[] {
  const meant = phase ?? (phases.length === 1 ? phases[0]!.id : undefined);
  if (!phases.some(({ id }) => id === meant)) {
    throw new EwaldError(
      "fit/unknown-phase",
      phase === undefined
        ? "--texture does not say which phase it is of"
        : `--texture names ${phase}, and no phase is called so`,
      {
        value: phase,
        hint: `Write one of ${phases.map(({ id }) => `${id}:${hkl.join(",")}`).join(", ")}.`,
      },
    );
  }
  return phases.map((one) => (one.id === meant ? { ...one, textureHkl: hkl } : one));
}
