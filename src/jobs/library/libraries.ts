/** The libraries that a job asks, by the names of its option. */
import { chemicalFormula } from "../../crystal/composition/chemical-formula.ts";
import { EwaldError } from "../../errors.ts";
import {
  libraryFolder,
  loadPhaseLibrary,
  type Located,
  phaseById,
  type PhaseLibrary,
  SHIPPED,
} from "../../known/phases/phase-library.ts";
import { printedFormula } from "../../report/notation.ts";
import type { Environment } from "../job.ts";

/** @throws EwaldError `library/missing`, `library/name`, `known/damaged`, `known/version` */
export async function librariesOf(
  names: readonly string[] = [SHIPPED],
  environment: Environment,
): Promise<readonly PhaseLibrary[]> {
  return Promise.all(
    [...new Set(names)].map((name) =>
      loadPhaseLibrary(environment.models(libraryFolder(name)), name),
    ),
  );
}

/** The formula of a phase as chemists write it, for people: TiO₂, where the record has O2Ti. */
export function phaseFormula({ formula }: { readonly formula: string }): string {
  return printedFormula(chemicalFormula(formula));
}

/** @throws EwaldError `library/no-phase` where none of the libraries has it */
export function phaseOfId(libraries: readonly PhaseLibrary[], id: string): Located {
  const found = phaseById(libraries, id);
  if (found !== undefined) return found;
  throw new EwaldError("library/no-phase", `no phase is called "${id}"`, {
    value: id,
    hint: `Looked in ${libraries.map(({ name }) => name).join(", ")}; ewald library list Ti-O shows ids.`,
  });
}
