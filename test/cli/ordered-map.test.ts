import { expect, test } from "vitest";
import { orderedMap } from "../../src/cli/ordered-map.ts";

test("keeps the order and never exceeds the limit", async () => {
  let underWay = 0;
  let most = 0;
  const results: number[] = [];
  const items = Array.from({ length: 40 }, (_, i) => i);
  const work = async (item: number): Promise<number> => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, (item * 7) % 5));
    underWay--;
    return item;
  };
  for await (const result of orderedMap(items, 4, work)) results.push(result);
  expect(results).toEqual(items);
  expect(most).toBe(4);
});

test("stops taking items when the consumer stops", async () => {
  const started: number[] = [];
  const work = async (item: number): Promise<number> => {
    started.push(item);
    return item;
  };
  for await (const result of orderedMap([0, 1, 2, 3, 4, 5, 6], 2, work)) if (result === 1) break;
  expect(started.length).toBeLessThanOrEqual(3);
});
