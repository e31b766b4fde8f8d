/** `ewald reproduce crystinet`: measured scans, and a solid solution of olivine (items 69, 71, 77). */
import { cellVolume } from "../../crystal/lattice.ts";
import type { Structure } from "../../crystal/structure.ts";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { TABLE_SYMPREC_ANGSTROM } from "../../data/describe.ts";
import type { Recipe } from "../recipe.ts";
import { EwaldError } from "../../errors.ts";
import { Random } from "../../math/random.ts";
import { mean } from "../../math/statistics.ts";
import { lineList } from "../../diffraction/line-list.ts";
import { measuredScans } from "../measured/measured-scans.ts";
import { memberStructure } from "../../known/member-structure.ts";
import { joinPatterns } from "./faithful.node.ts";
import { measuredPattern, type RangeDeg, simulatedPattern } from "./patterns.ts";
import { honest, inPaper, modelRecipe, percent, resultOf } from "./recipe-support.node.ts";
import { type CrystinetEvidence, PAPER_ALPHA, reliabilities, weigh } from "./union.ts";

const MEASURED = "experimental_dev.parquet";

interface MeasuredVerdict {
  readonly truth: number;
  readonly collection: "rruff" | "rockjock";
  readonly evidence: CrystinetEvidence;
}

const measuredRecipe: Recipe = {
  ...modelRecipe(69, async (run, context) => {
    const { library } = run;
    const model = await run.model();
    const verdicts: MeasuredVerdict[] = [];
    for await (const { label, collection, scan } of measuredScans(
      await context.table(MEASURED),
      library,
    )) {
      if (label === library.types.length) continue;
      const [evidence] = await model.witness(measuredPattern(scan));
      verdicts.push({ truth: label, collection, evidence: evidence! });
      context.progress(`measured scans: ${verdicts.length}`);
    }
    await model.release();
    const of = (collection: MeasuredVerdict["collection"]) => {
      const own = verdicts.filter((one) => one.collection === collection);
      const right = own.filter(
        ({ truth, evidence }) => weigh(evidence, PAPER_ALPHA).type === truth,
      ).length;
      const nearest = own.filter(({ truth, evidence }) => evidence.nearest.type === truth).length;
      return {
        n: own.length,
        right: percent(right, own.length),
        nearest: percent(nearest, own.length),
      };
    };
    const [rruff, rockjock] = [of("rruff"), of("rockjock")];
    const chance = 100 / library.types.length;
    const place = "Results";
    return resultOf(
      run,
      [
        honest(
          {
            key: "rruff",
            title: "RRUFF scans (processed), α = 0.7",
            paper: inPaper(81.3, place, 80),
          },
          rruff.right,
          rruff.n,
          chance,
        ),
        honest(
          { key: "rruff-nearest", title: "RRUFF scans, nearest average pattern, no network" },
          rruff.nearest,
          rruff.n,
          chance,
        ),
        honest(
          { key: "rockjock", title: "RockJock scans (raw), α = 0.7" },
          rockjock.right,
          rockjock.n,
          chance,
        ),
        honest(
          { key: "rockjock-nearest", title: "RockJock scans, nearest average pattern, no network" },
          rockjock.nearest,
          rockjock.n,
          chance,
        ),
      ],
      [],
      [
        "37 of the paper's 80 RRUFF scans are at hand; raw scans of the RockJock minerals whose type the library holds stand beside them. Compounds of the minerals may be among those trained on, as in the paper.",
      ],
    );
  }),
  tables: [MEASURED],
};

/** Occupancies of the metal sites of Fe1.10 Mg0.75 Mn0.15 SiO4. */
const METALS = [
  { element: "Fe", occupancy: 0.55 },
  { element: "Mg", occupancy: 0.375 },
  { element: "Mn", occupancy: 0.075 },
];
/** The volume of the cell between forsterite's, fayalite's and tephroite's in these shares, Å³. */
const VOLUME = 0.375 * 290.0 + 0.55 * 307.5 + 0.075 * 324.7;
const OLIVINE = "AB2C4|oP28|62|c ac 2cd";
const MASKS: readonly RangeDeg[] = [
  [5, 110],
  [5, 65],
  [65, 110],
];
const COPIES = 50;

/** Metals mixed on both sites, in no order. */
function mixedOlivine(forsterite: Structure): Structure {
  const factor = Math.cbrt(VOLUME / cellVolume(forsterite.lattice));
  return {
    lattice: forsterite.lattice.map((row) =>
      row.map((x) => x * factor),
    ) as unknown as Structure["lattice"],
    sites: forsterite.sites.map((site) =>
      site.species[0]!.element === "Mg" ? { ...site, species: METALS } : site,
    ),
  };
}

const olivine = (item: 71 | 77): Recipe =>
  modelRecipe(item, async (run) => {
    await loadSymmetry();
    const { library } = run;
    const type = library.types.findIndex(({ variants }) =>
      variants.some(({ key }) => key === OLIVINE),
    );
    const variant = library.types[type]?.variants.find(({ key }) => key === OLIVINE);
    if (variant === undefined)
      throw new EwaldError("reproduce/library", "the library has no olivine", { value: OLIVINE });
    const lines = lineList(
      mixedOlivine(memberStructure(variant, "Mg2SiO4")),
      TABLE_SYMPREC_ANGSTROM,
    );
    const { labels } = await run.groups();
    const own = labels[type]!;
    const model = await run.model();
    const quantities = [];
    for (const mask of item === 71 ? MASKS : MASKS.slice(0, 1)) {
      const patterns = Array.from({ length: COPIES }, (_, copy) =>
        simulatedPattern(lines, Random.fromSeed(run.seed, "olivine", copy), mask),
      );
      const verdicts = await model.witness(joinPatterns(patterns));
      const right = (alpha: number): number =>
        percent(verdicts.filter((one) => weigh(one, alpha).type === type).length, COPIES);
      const rival = mean(
        verdicts.map(({ confidence }) =>
          Math.max(...confidence.filter((_, network) => network !== own)),
        ),
      );
      const [from, to] = mask;
      const range = `${from}° to ${to}°`;
      const key = `${from}-${to}`;
      quantities.push(
        honest({ key: `alpha-0-${key}`, title: `${range}: olivine at α = 0` }, right(0), COPIES),
        honest(
          { key: `alpha-0.7-${key}`, title: `${range}: olivine at α = 0.7` },
          right(PAPER_ALPHA),
          COPIES,
        ),
        honest(
          {
            key: `rival-${key}`,
            title: `${range}: highest confidence of another network, mean`,
            ...(from === 5 && to === 110 ? { paper: inPaper(0.97, "Results, one pattern") } : {}),
          },
          rival,
          COPIES,
          undefined,
          "",
        ),
        honest(
          { key: `own-${key}`, title: `${range}: confidence of olivine's own network, mean` },
          mean(verdicts.map(({ confidence }) => confidence[own]!)),
          COPIES,
          undefined,
          "",
        ),
        honest(
          { key: `reliability-${key}`, title: `${range}: highest R at α = 0.7, mean` },
          mean(verdicts.map((one) => Math.max(...reliabilities(one, PAPER_ALPHA)))),
          COPIES,
          undefined,
          "",
        ),
      );
    }
    await model.release();
    return resultOf(
      run,
      quantities,
      [],
      [
        "The paper judges one pattern of the ICSD entry; here the metals are mixed on both sites of a calculated olivine, its cell of the volume between the end members', in 50 patterns with different disturbances.",
      ],
    );
  });

export const MEASURED_RECIPES: readonly Recipe[] = [measuredRecipe, olivine(71), olivine(77)];
