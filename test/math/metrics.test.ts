import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectedCalibrationError, reliabilityBins } from "../../src/math/calibration.ts";
import {
  accuracy,
  averagePrecision,
  balancedAccuracy,
  binaryLogLoss,
  brierScore,
  classScores,
  coefficientOfDetermination,
  confusionMatrix,
  logLoss,
  macroF1,
  meanAbsoluteError,
  rocAuc,
  rocAucPerClass,
  rootMeanSquareError,
  topKAccuracy,
} from "../../src/math/metrics.ts";

interface BinaryCase {
  labels: number[];
  p: number[];
  truth: number[];
  predicted: number[];
  fractionCorrect: number[];
  meanConfidence: number[];
  [metric: string]: number | number[];
}
interface ClassCase {
  truth: number[];
  p: number[];
  called: number[];
  classCount: number;
  confusion: number[][];
  f1: number[];
  precision: number[];
  auc: number[] | null;
  accuracy: number;
  macroF1: number;
  balanced: number;
  top2: number;
  logLoss: number;
}
const golden = JSON.parse(
  readFileSync(new URL("fixtures/metrics.json", import.meta.url), "utf8"),
) as { binary: BinaryCase[]; classes: ClassCase[] };

describe("scikit-learn agrees", () => {
  test.each(golden.binary.map((one) => [one.labels.length, one] as const))(
    "on %d samples of two classes",
    (_, one) => {
      const { labels, p, truth, predicted } = one;
      const ours = {
        mae: meanAbsoluteError(truth, predicted),
        rmse: rootMeanSquareError(truth, predicted),
        r2: coefficientOfDetermination(truth, predicted),
        rocAuc: rocAuc(labels, p),
        averagePrecision: averagePrecision(labels, p),
        brier: brierScore(labels, p),
        logLoss: binaryLogLoss(labels, p),
        f1: classScores(
          confusionMatrix(
            labels,
            p.map((value) => (value >= 0.5 ? 1 : 0)),
            2,
          ),
        )[1]!.f1,
      };
      for (const [name, value] of Object.entries(ours)) {
        expect(value, name).toBeCloseTo(one[name] as number, 12);
      }
      const filled = reliabilityBins(labels, p, 10).filter((bin) => bin.count > 0);
      expect(filled.map((bin) => bin.fractionCorrect)).toHaveLength(one.fractionCorrect.length);
      for (const [i, bin] of filled.entries()) {
        expect(bin.fractionCorrect).toBeCloseTo(one.fractionCorrect[i]!, 12);
        expect(bin.meanConfidence).toBeCloseTo(one.meanConfidence[i]!, 12);
      }
    },
  );

  test.each(golden.classes.map((one) => [one.classCount, one] as const))(
    "on %d classes",
    (_, one) => {
      const confusion = confusionMatrix(one.truth, one.called, one.classCount);
      expect(confusion).toEqual(one.confusion);
      expect(accuracy(confusion)).toBeCloseTo(one.accuracy, 12);
      expect(macroF1(confusion)).toBeCloseTo(one.macroF1, 12);
      expect(balancedAccuracy(confusion)).toBeCloseTo(one.balanced, 12);
      expect(topKAccuracy(one.truth, one.p, 2)).toBeCloseTo(one.top2, 12);
      expect(logLoss(one.truth, one.p)).toBeCloseTo(one.logLoss, 12);
      for (const [label, score] of classScores(confusion).entries()) {
        expect(score.f1).toBeCloseTo(one.f1[label]!, 12);
        expect(score.precision).toBeCloseTo(one.precision[label]!, 12);
      }
      const areas = rocAucPerClass(one.truth, one.p);
      if (one.auc === null) expect(areas).toContain(null);
      else for (const [label, area] of areas.entries()) expect(area).toBeCloseTo(one.auc[label]!);
    },
  );
});

describe("invariants", () => {
  const samples = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: -5, max: 5 })), {
      minLength: 2,
      maxLength: 60,
    })
    .map((rows) => [
      [0, 1, ...rows.map((row) => row[0])],
      [0, 0, ...rows.map((row) => row[1])],
    ]);

  test("ROC-AUC is the fraction of pairs in order, ties half", () => {
    fc.assert(
      fc.property(samples, ([labels, scores]) => {
        let wins = 0;
        let pairs = 0;
        for (const [i, label] of labels!.entries()) {
          for (const [j, other] of labels!.entries()) {
            if (label !== 1 || other !== 0) continue;
            pairs++;
            const difference = scores![i]! - scores![j]!;
            wins += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
          }
        }
        expect(rocAuc(labels!, scores!)).toBeCloseTo(wins / pairs, 12);
      }),
    );
  });

  test("turning the scores around turns the area around", () => {
    fc.assert(
      fc.property(samples, ([labels, scores]) => {
        const turned = scores!.map((score) => -score);
        expect(rocAuc(labels!, scores!) + rocAuc(labels!, turned)).toBeCloseTo(1, 12);
      }),
    );
  });

  test("constant scores hit k of K classes, whichever class is true", () => {
    const constant = new Float64Array(12).fill(0.25);
    expect(topKAccuracy([0, 0, 0], constant, 1)).toBeCloseTo(1 / 4, 12);
    expect(topKAccuracy([3, 3, 3], constant, 3)).toBeCloseTo(3 / 4, 12);
    expect(topKAccuracy([1, 2, 3], constant, 9)).toBe(1);
  });

  test("probabilities that mean what they say have no calibration error", () => {
    const confidence = [0.25, 0.25, 0.25, 0.25, 1, 1, 0];
    const correct = [1, 0, 0, 0, 1, 1, 0];
    expect(expectedCalibrationError(reliabilityBins(correct, confidence))).toBeCloseTo(0, 12);
    const boasting = confidence.map(() => 1);
    expect(expectedCalibrationError(reliabilityBins(correct, boasting))).toBeCloseTo(4 / 7, 12);
  });
});

test.each([
  [() => meanAbsoluteError([], []), "samples/empty"],
  [() => meanAbsoluteError([1, 2], [1]), "samples/length"],
  [() => rootMeanSquareError([1, Number.NaN], [1, 2]), "samples/not-finite"],
  [() => coefficientOfDetermination([2, 2, 2], [1, 2, 3]), "metric/constant"],
  [() => rocAuc([1, 1, 1], [1, 2, 3]), "metric/one-class"],
  [() => averagePrecision([0, 0], [1, 2]), "metric/one-class"],
  [() => rocAuc([0, 2], [1, 2]), "metric/label"],
  [() => confusionMatrix([0, 3], [0, 1], 3), "metric/label"],
  [() => brierScore([0, 1], [0, 1.5]), "metric/probability"],
  [() => logLoss([0, 1], [0.5, 0.5, 1]), "samples/length"],
  [() => topKAccuracy([0], [0.5, 0.5], 0), "metric/top-k"],
  [() => reliabilityBins([1], [0.5], 0), "metric/bins"],
])("refuses case %#", (call, code) => {
  expect(call).toThrow(expect.objectContaining({ code }));
});
