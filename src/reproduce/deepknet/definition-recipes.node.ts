/**
 * Recipes of deepKNet (Wang et al. 2022), section II and appendix A: what its input is, measured on the tables. The limiting sphere, what a
 * number of points holds, and what neutrons leave out.
 */
import { cellVolume } from "../../crystal/lattice.ts";
import { primitiveCell } from "../../crystal/structure-transform.ts";
import type { Structure } from "../../crystal/structure.ts";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../../data/describe.ts";
import type { Recipe, RecipeContext } from "../recipe.ts";
import { rowStructure, type StructureRow } from "../../data/structure-table.ts";
import { neutronLengthFm } from "../../diffraction/neutron.ts";
import { pointCloudWriter, type PointCount } from "../../diffraction/point-cloud.ts";
import { reciprocalSphere } from "../../diffraction/reciprocal-sphere.ts";
import { EwaldError } from "../../errors.ts";
import { mean, median } from "../../math/statistics.ts";
import {
  basisCoverage,
  boxCoverage,
  BOXES,
  cloudLengths,
  countDistinct,
  countInside,
  isOneCell,
} from "./cloud-measures.ts";
import { G_MAX } from "../../systems/reciprocal/feature-layout.ts";
import { BOTH, DATA_NOTE } from "./recipe-support.node.ts";
import { allRows, drawnRows, fastNote, measured, percent } from "./table-measures.node.ts";
import { PROPERTY_TASK_NAMES, PROPERTY_TASKS, taskTarget } from "../../systems/reciprocal/task.ts";

/** The divisor of coordinates in the released code, 1/Å. */
const POSITION_SCALE = 5;

interface SphereFacts {
  /** Points in the limiting sphere, the origin included. */
  readonly points: number;
  /** Points of each box that lie in it. */
  readonly inside: readonly number[];
  /** Largest |g| of the largest box, 1/Å. */
  readonly farthest: number;
  /** Volume of the stored cell in terms of the primitive one. */
  readonly multiple: number;
  /** Whether each box's cloud had its rows, all of them numbers. */
  readonly whole: boolean;
}

/** A reader of what item 34 counts; null for a structure without a primitive standard cell at the tolerance. */
function sphereFacts(): (row: StructureRow) => SphereFacts | null {
  const read = reciprocalSphere({ gMaxInvAngstrom: G_MAX, formFactors: "four-gaussian" });
  const most = Math.max(...BOXES);
  const write = pointCloudWriter({ points: most as PointCount });
  return (row) => {
    const stored = rowStructure(row);
    let cell: Structure;
    try {
      cell = primitiveCell(stored, { symprecAngstrom: TABLE_SYMPREC_ANGSTROM });
    } catch (error) {
      if (error instanceof EwaldError) return null;
      throw error;
    }
    const cloud = new Float32Array(4 * most).fill(Number.NaN);
    write(cell, cloud, 0);
    return {
      points: 2 * read(cell).count + 1,
      inside: BOXES.map((points) => countInside(cloudLengths(cell, points))),
      farthest: Math.max(...cloudLengths(cell, most as PointCount)),
      multiple: cellVolume(stored.lattice) / cellVolume(cell.lattice),
      whole: cloud.every((value) => Number.isFinite(value)),
    };
  };
}

const limitingSphere: Recipe = {
  item: 34,
  tables: BOTH,
  minutes: 2,
  async run(context) {
    await loadSymmetry();
    const factsOf = sphereFacts();
    const facts: SphereFacts[] = [];
    let refused = 0;
    for await (const row of drawnRows(context)) {
      const own = factsOf(row);
      if (own === null) refused++;
      else facts.push(own);
    }
    const n = facts.length;
    const counted = (is: (own: SphereFacts) => boolean): number => facts.filter(is).length;
    const boxes = BOXES.flatMap((points, box) => [
      percent(
        { key: `at-least-${points}`, title: `Structures with ${points} points or more in it` },
        counted((own) => own.points >= points),
        n,
      ),
      percent(
        {
          key: `all-inside-${points}`,
          title: `Structures all of whose n = ${points} points lie in it`,
        },
        counted((own) => own.inside[box] === points),
        n,
      ),
      percent(
        { key: `outside-${points}`, title: `Points of the clouds outside it, n = ${points}` },
        (n * mean(facts.map((own) => points - own.inside[box]!))) / points,
        n,
      ),
    ]);
    return {
      quantities: [
        measured(
          {
            key: "radius",
            title: "Radius of the limiting sphere of Cu Kα, 2/λ",
            unit: "1/Å",
            // 4π/λ in the physicists' convention
            paper: { value: (4 * Math.PI) / 1.5418 / (2 * Math.PI), place: "Section II" },
          },
          G_MAX,
          n,
        ),
        measured(
          { key: "points-median", title: "Points in the sphere, primitive cell: median" },
          median(facts.map(({ points }) => points)),
          n,
        ),
        ...boxes,
        percent(
          {
            key: "rows-whole",
            title: "Structures with exactly n rows, all of them numbers (n = 343)",
          },
          counted(({ whole }) => whole),
          n,
        ),
        percent(
          { key: "stored-primitive", title: "Structures stored in their primitive cell" },
          counted(({ multiple }) => isOneCell(multiple)),
          n,
        ),
        percent(
          {
            key: "within-5",
            title: "Structures whose n = 343 points lie within 5 1/Å, the divisor",
          },
          counted(({ farthest }) => farthest <= POSITION_SCALE),
          n,
        ),
        measured(
          { key: "no-cell", title: "Structures without a primitive standard cell at 0.1 Å" },
          refused,
          n + refused,
        ),
      ],
      differences: [
        DATA_NOTE,
        `${n + refused} structures drawn at random. The paper's text keeps what lies within the sphere, of radius 4π/λ with a reciprocal lattice that holds 2π (2/λ here); the released code keeps every hkl of its range: exactly n rows, also beyond the sphere. So do the clouds here.`,
        ...fastNote(context),
      ],
      seeds: [1],
    };
  },
};

interface CountFacts {
  /** Distinct lengths of each count's points. */
  readonly lengths: readonly number[];
  /** Shares of the intensity in the sphere that each count of points has: the basis vectors, then the boxes. */
  readonly shares: readonly number[];
  /** Spacing of the first point in the sphere that each box leaves out, Å; null where none is. */
  readonly leftOut: readonly (number | null)[];
}

const COUNTS: readonly PointCount[] = [3, 4, ...BOXES];

const numberOfPoints: Recipe = {
  item: 37,
  tables: BOTH,
  minutes: 1,
  async run(context) {
    const read = reciprocalSphere({ gMaxInvAngstrom: G_MAX, formFactors: "four-gaussian" });
    const facts: CountFacts[] = [];
    for await (const row of drawnRows(context)) {
      const structure = rowStructure(row);
      const sphere = read(structure);
      const boxes = BOXES.map((_, box) => boxCoverage(sphere, box + 1));
      facts.push({
        lengths: COUNTS.map((points) => countDistinct(cloudLengths(structure, points))),
        shares: [basisCoverage(sphere), ...boxes.map(({ share }) => share)],
        leftOut: boxes.map(({ firstLeftOutAngstrom }) => firstLeftOutAngstrom),
      });
    }
    const n = facts.length;
    const rows = COUNTS.map((points, i) =>
      measured(
        {
          key: `lengths-${points}`,
          title: `Distinct lengths among n = ${points} points: median`,
        },
        median(facts.map(({ lengths }) => lengths[i]!)),
        n,
      ),
    );
    const shares = [3, ...BOXES].map((points, i) =>
      measured(
        {
          key: `intensity-${points}`,
          title: `Of the intensity in the sphere without the origin, what n = ${points} has: median`,
          unit: "%",
        },
        100 * median(facts.map((own) => own.shares[i]!)),
        n,
      ),
    );
    const spacings = BOXES.map((points, i) => {
      const known = facts.flatMap(({ leftOut }) => leftOut[i] ?? []);
      return measured(
        {
          key: `left-out-${points}`,
          title: `Spacing of the first plane that n = ${points} leaves out: median`,
          unit: "Å",
        },
        median(known),
        known.length,
      );
    });
    return {
      quantities: [...rows, ...shares, ...spacings],
      differences: [
        DATA_NOTE,
        `${n} structures drawn at random, cells as stored (mostly primitive). Friedel mates have one length and one intensity; the three basis vectors stand for six points of the sphere. What more points are worth to the network is item 44.`,
        ...fastNote(context),
      ],
      seeds: [1],
    };
  },
};

interface NeutronFacts {
  readonly rows: number;
  /** Structures with an element that has no length, as the calculation refuses them. */
  readonly refused: number;
  readonly byElement: ReadonlyMap<string, number>;
  /** Rows of each task, and those of them that are refused. */
  readonly tasks: readonly { readonly rows: number; readonly refused: number }[];
}

async function neutronFacts(context: RecipeContext): Promise<NeutronFacts> {
  const write = pointCloudWriter({ points: 3, radiation: "neutron" });
  const out = new Float32Array(12);
  const byElement = new Map<string, number>();
  const tasks = PROPERTY_TASK_NAMES.map(() => ({ rows: 0, refused: 0 }));
  let [rows, refused] = [0, 0];
  for await (const row of allRows(context)) {
    rows++;
    const known = PROPERTY_TASK_NAMES.map((task) => taskTarget(row.labels, task) !== null);
    for (const [i, has] of known.entries()) if (has) tasks[i]!.rows++;
    try {
      write(rowStructure(row), out, 0);
      continue;
    } catch (error) {
      if (!(error instanceof EwaldError) || error.code !== "scattering/no-neutron-length")
        throw error;
    }
    refused++;
    for (const symbol of new Set(row.species))
      if (!hasNeutronLength(symbol)) byElement.set(symbol, (byElement.get(symbol) ?? 0) + 1);
    for (const [i, has] of known.entries()) if (has) tasks[i]!.refused++;
  }
  return { rows, refused, byElement, tasks };
}

function hasNeutronLength(element: string): boolean {
  try {
    return Number.isFinite(neutronLengthFm(element));
  } catch (error) {
    if (error instanceof EwaldError) return false;
    throw error;
  }
}

const neutronExclusion: Recipe = {
  item: 55,
  tables: BOTH,
  minutes: 0.5,
  async run(context) {
    const { rows, refused, byElement, tasks } = await neutronFacts(context);
    return {
      quantities: [
        measured(
          {
            key: "elements",
            title: "Elements of the tables without a neutron length",
            paper: { value: 2, place: "released code" },
          },
          byElement.size,
          rows,
        ),
        ...[...byElement]
          .toSorted(([a], [b]) => a.localeCompare(b))
          .map(([element, count]) =>
            measured(
              { key: `with-${element.toLowerCase()}`, title: `Structures with ${element}` },
              count,
              rows,
            ),
          ),
        percent({ key: "refused", title: "Structures left out of neutron clouds" }, refused, rows),
        ...PROPERTY_TASK_NAMES.map((task, i) =>
          percent(
            {
              key: `refused-${task}`,
              title: `The same among those with a label, ${PROPERTY_TASKS[task].title}`,
            },
            tasks[i]!.refused,
            tasks[i]!.rows,
          ),
        ),
      ],
      differences: [
        DATA_NOTE,
        "The paper takes the lengths of pymatgen and says no more; its released code leaves out compounds of Ac and Pu. Ours are the same lengths (Sears 1992), and an element without one is refused, never left out of its structure.",
        ...(context.fast ? ["Fast: the labelled table only."] : []),
      ],
      seeds: [],
    };
  },
};

export const DEFINITION_RECIPES: readonly Recipe[] = [
  limitingSphere,
  numberOfPoints,
  neutronExclusion,
];
