/** `ewald reproduce crystinet`: where the networks look (item 70). */
import type { Recipe } from "../recipe.ts";
import type { MatrixFigure } from "../../report/figure-records.ts";
import { rocAuc } from "../../math/metrics.ts";
import { mean } from "../../math/statistics.ts";
import { crystinetRuntime, type FaithfulRun } from "./faithful.node.ts";
import { drawPlanned, type PlannedPattern } from "./pattern-plan.ts";
import { honest, modelRecipe, percent, plain, resultOf } from "./recipe-support.node.ts";
import { peaksByPlace, placeDeg, RcnetSaliency } from "./saliency.ts";

/** Patterns of a type whose maps are averaged, at most. */
const PER_TYPE = 8;
/** A place of the average pattern with a point this high, of its highest, has a peak. */
const PEAK = 0.1;
/** The ranges of angles that the paper looks at, degrees. */
const BANDS = [
  [5, 35],
  [35, 65],
  [65, 110],
] as const;

interface TypeHeat {
  readonly type: number;
  readonly patterns: number;
  readonly last: Float32Array;
  readonly middle: Float32Array;
}

function meanOf(maps: readonly Float32Array[]): Float32Array {
  return maps[0]!.map((_, i) => mean(maps.map((map) => map[i]!)));
}

/** Average heat of each type of a network over some of its test patterns. */
async function heatsOf(
  run: FaithfulRun,
  network: number,
  types: readonly number[],
): Promise<TypeHeat[]> {
  const onnx = await run.rcnet(`rcnet-${network + 1}`, types);
  const { shape } = run.regime;
  const saliency = await RcnetSaliency.load(await crystinetRuntime(), onnx, types.length, shape);
  const heats: TypeHeat[] = [];
  for (const [place, type] of types.entries()) {
    const planned = await run.planOf("test", "compounds", [type]);
    const stride = Math.max(1, Math.floor(planned.length / PER_TYPE));
    const chosen = planned.filter((_, i) => i % stride === 0).slice(0, PER_TYPE);
    const maps = [];
    for (const one of chosen as readonly PlannedPattern[])
      maps.push(await saliency.of(drawPlanned(one, run.seed), place));
    if (maps.length === 0) continue;
    heats.push({
      type,
      patterns: maps.length,
      last: meanOf(maps.map(({ last }) => last)),
      middle: meanOf(maps.map(({ middle }) => middle)),
    });
  }
  await saliency.release();
  return heats;
}

/** How well heat tells the places with peaks of a pattern from those without; null where all have or none has. */
function overlap(heat: Float32Array, pattern: Float32Array): number | null {
  const peaks = peaksByPlace(pattern, heat.length);
  const most = Math.max(...peaks);
  const isPeak = Array.from(peaks, (value) => Number(value >= PEAK * most));
  const count = isPeak.filter(Boolean).length;
  return count === 0 || count === isPeak.length ? null : rocAuc(isPeak, [...heat]);
}

function bandShares(heat: Float32Array): number[] {
  const total = heat.reduce((a, b) => a + b, 0);
  return BANDS.map(([from, to]) => {
    let sum = 0;
    for (const [i, value] of heat.entries()) {
      const at = placeDeg(i, heat.length);
      if (at >= from && at < to) sum += value;
    }
    return percent(sum, total);
  });
}

function heatFigure(run: FaithfulRun, network: number, heats: readonly TypeHeat[]): MatrixFigure {
  const places = heats[0]!.middle.length;
  return {
    kind: "matrix",
    name: `grad-cam-${network + 1}`,
    title: `Where RCNet ${network + 1} looks (Grad-CAM, middle of the network)`,
    rowLabel: "structure types",
    columnLabel: "2θ (°)",
    rows: heats.map(({ type }) => run.library.types[type]!.name),
    columns: Array.from({ length: places }, (_, i) => placeDeg(i, places).toFixed(0)),
    values: heats.map(({ middle }) => [...middle]),
  };
}

const gradCam = modelRecipe(70, async (run, context) => {
  const averages = await run.averages();
  const networks: TypeHeat[][] = [];
  for (const [g, types] of (await run.groupTypes()).entries()) {
    context.progress(`Grad-CAM of RCNet ${g + 1}`);
    networks.push(await heatsOf(run, g, types));
  }
  const own = networks.flat().flatMap(({ type, middle }) => overlap(middle, averages[type]!) ?? []);
  const others = networks.flatMap((heats) =>
    heats.flatMap(({ type, middle }) =>
      heats.flatMap((other) =>
        other.type === type ? [] : (overlap(middle, averages[other.type]!) ?? []),
      ),
    ),
  );
  const patterns = networks.flat().reduce((sum, one) => sum + one.patterns, 0);
  const bands = [0, 1].flatMap((g) =>
    bandShares(meanOf(networks[g]!.map(({ middle }) => middle))).map((share, b) =>
      honest(
        {
          key: `rcnet-${g + 1}-${BANDS[b]![0]}-to-${BANDS[b]![1]}`,
          title: `RCNet ${g + 1}: heat from ${BANDS[b]![0]}° to ${BANDS[b]![1]}°`,
        },
        share,
        networks[g]!.reduce((sum, one) => sum + one.patterns, 0),
        percent(BANDS[b]![1] - BANDS[b]![0], 105),
      ),
    ),
  );
  const places = networks[0]![0]!.last.length;
  return resultOf(
    run,
    [
      honest(
        {
          key: "own-peaks",
          title: "Heat against the peaks of the type's average pattern, mean AUROC over types",
        },
        mean(own),
        own.length,
        0.5,
        "",
      ),
      honest(
        {
          key: "other-peaks",
          title: "The same heat against the peaks of other types of the network",
        },
        mean(others),
        others.length,
        0.5,
        "",
      ),
      ...bands,
      plain({ key: "places", title: "Places of the last convolution" }, places, patterns),
      plain(
        {
          key: "places-middle",
          title: "Places in the middle of the network, of which the numbers above are",
        },
        networks[0]![0]!.middle.length,
        patterns,
      ),
    ],
    [heatFigure(run, 0, networks[0]!), heatFigure(run, 1, networks[1]!)],
    [
      `The last convolution has ${places} places over 105° here (20 in the paper, which sees every point): heat is taken in the middle of the network. At most ${PER_TYPE} test patterns a type are averaged; the paper averages all compounds.`,
      "The paper says of its networks 1 and 2 that they look at 30° to 35° and at 55° to 85°; their types are others.",
    ],
  );
});

export const SALIENCY_RECIPES: readonly Recipe[] = [gradCam];
