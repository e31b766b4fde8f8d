/** Recipe of deepKNet (Wang et al. 2022), appendix A: form factors and intensities, held against other programs and tables. */
import { atomicNumber } from "../../crystal/element.ts";
import { cellVolume } from "../../crystal/lattice.ts";
import { conventionalCell, primitiveCell } from "../../crystal/structure-transform.ts";
import type { Structure } from "../../crystal/structure.ts";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../../data/describe.ts";
import type { Quantity, Recipe, RecipeContext } from "../recipe.ts";
import { rowStructure, type StructureRow, structureTable } from "../../data/structure-table.ts";
import { pointCloud, pointCloudWriter } from "../../diffraction/point-cloud.ts";
import { reciprocalSphere } from "../../diffraction/reciprocal-sphere.ts";
import { EwaldError } from "../../errors.ts";
import { mean } from "../../math/statistics.ts";
import {
  formFactorDifference,
  halfRows,
  isOneCell,
  relativeDifference,
  weightedIntensity,
} from "./cloud-measures.ts";
import { G_MAX } from "../../systems/reciprocal/feature-layout.ts";
import { PYMATGEN_POINTS } from "./pymatgen-points.table.ts";
import { BOTH, DATA_NOTE, LABELLED } from "./recipe-support.node.ts";
import { allRows, drawnRows, fastNote, measured } from "./table-measures.node.ts";

const RADIATIONS = ["xray", "neutron"] as const;

/** Our intensities against pymatgen's, structure by structure: the largest relative difference of each radiation. */
async function againstPymatgen(context: RecipeContext): Promise<Quantity[]> {
  const ids = new Set(Object.keys(PYMATGEN_POINTS));
  const rows = halfRows(27);
  const worst = { xray: 0, neutron: 0 };
  let n = 0;
  for await (const row of (await structureTable(await context.table(LABELLED))).rows()) {
    if (!ids.has(row.id)) continue;
    n++;
    for (const radiation of RADIATIONS) {
      const cloud = pointCloud(rowStructure(row), { points: 27, radiation, scaling: "none" });
      const ours = rows.map((at) => cloud[4 * at + 3]!);
      const difference = relativeDifference(ours, PYMATGEN_POINTS[row.id]![radiation]);
      worst[radiation] = Math.max(worst[radiation], difference);
    }
  }
  if (n !== ids.size)
    throw new EwaldError(
      "reproduce/missing-structure",
      `the table has ${n} of ${ids.size} crystals`,
      {
        value: n,
      },
    );
  return RADIATIONS.map((radiation) =>
    measured(
      {
        key: `pymatgen-${radiation}`,
        title: `Largest relative difference from pymatgen, ${radiation === "xray" ? "X-rays" : "neutrons"}, points within ±1 and the origin`,
      },
      worst[radiation],
      n * rows.length,
    ),
  );
}

/** Largest change of a sum over the sphere when the conventional cell stands for the primitive one. */
async function cellChange(context: RecipeContext): Promise<Quantity> {
  await loadSymmetry();
  const read = reciprocalSphere({ gMaxInvAngstrom: G_MAX, formFactors: "four-gaussian" });
  const options = { symprecAngstrom: TABLE_SYMPREC_ANGSTROM };
  let [worst, n] = [0, 0];
  for await (const row of drawnRows(context, 2000)) {
    const structure = rowStructure(row);
    const [primitive, conventional] = [primitiveCell, conventionalCell].map((cellOf) =>
      cellOf(structure, options),
    ) as [Structure, Structure];
    // Where one is the other, nothing is compared.
    if (isOneCell(cellVolume(conventional.lattice) / cellVolume(primitive.lattice))) continue;
    n++;
    const one = weightedIntensity(read, primitive);
    worst = Math.max(worst, Math.abs(weightedIntensity(read, conventional) / one - 1));
  }
  return measured(
    {
      key: "cell-change",
      title:
        "Largest relative change of the intensity in the sphere, conventional cell for primitive",
    },
    worst,
    n,
  );
}

interface FormFactorFacts {
  readonly worst: number;
  readonly element: string;
  readonly average: number;
  readonly elements: number;
}

function formFactorFacts(elements: readonly string[]): FormFactorFacts {
  const differences = elements.map((element) =>
    formFactorDifference(element, ["four-gaussian", "international-tables"]),
  );
  const worst = Math.max(...differences);
  return {
    worst,
    element: elements[differences.indexOf(worst)]!,
    average: mean(differences),
    elements: elements.length,
  };
}

const electronsOf = ({ species, occupancies }: StructureRow): number =>
  species.reduce((sum, symbol, i) => sum + atomicNumber(symbol) * (occupancies?.[i] ?? 1), 0);

const scatteringDefinitions: Recipe = {
  item: 35,
  tables: BOTH,
  minutes: 1,
  async run(context) {
    const elements = new Set<string>();
    let [density, n] = [0, 0];
    const write = pointCloudWriter({ points: 4, scaling: "none" });
    const out = new Float32Array(16);
    for await (const row of context.fast ? drawnRows(context) : allRows(context)) {
      for (const symbol of row.species) elements.add(symbol);
      const structure = rowStructure(row);
      write(structure, out, 0);
      const expected = (electronsOf(row) / cellVolume(structure.lattice)) ** 2;
      density = Math.max(density, Math.abs(out[3]! / expected - 1));
      n++;
    }
    const factors = formFactorFacts([...elements].sort());
    const electrons = { unit: "electrons" };
    return {
      quantities: [
        ...(await againstPymatgen(context)),
        measured(
          {
            key: "origin",
            title: "Largest relative difference of the origin from (electrons / V)²",
          },
          density,
          n,
        ),
        await cellChange(context),
        measured(
          {
            ...electrons,
            key: "form-factor-worst",
            title: `Largest difference of form factor A1 from International Tables in the sphere (${factors.element})`,
          },
          factors.worst,
          factors.elements,
        ),
        measured(
          {
            ...electrons,
            key: "form-factor-mean",
            title: "The same, mean over the elements of the tables",
          },
          factors.average,
          factors.elements,
        ),
      ],
      differences: [
        DATA_NOTE,
        "Equations A1 to A3 as written, four Gaussians per element as pymatgen has them; neither Lorentz-polarisation nor displacement. Relative differences are in terms of the larger value and at least a ten-thousandth of the structure's largest.",
        "pymatgen's values are of 28 structures, four of each crystal system, kept with six digits. I = |F|²/V² makes a point's intensity the same in every cell that describes the crystal.",
        ...fastNote(context),
      ],
      seeds: [1],
    };
  },
};

export const SCATTERING_RECIPES: readonly Recipe[] = [scatteringDefinitions];
