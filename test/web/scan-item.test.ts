/** A scan's state on the page: what is asked, what is shown as its answer. The worker is replaced by one that answers when told to. */
import { beforeEach, expect, test, vi } from "vitest";
import type { ScanContent } from "../../src/data/contents.ts";
import type { RadiationKind } from "../../src/radiation/radiation.ts";
import { ScanItem } from "../../web/src/state/scan-item.svelte.ts";
import { Cancelled, type RunOptions, TaskError } from "../../web/src/worker/client.ts";

interface Call {
  readonly task: string;
  readonly input: Record<string, unknown>;
  done(output: unknown): Promise<void>;
  fail(code: string): Promise<void>;
}

const { calls } = vi.hoisted(() => ({ calls: [] as Call[] }));

/** Until what waits for a settled promise has run. */
const settled = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve));

vi.mock("../../web/src/state/ewald.ts", () => ({
  MODELS: "models/",
  ewald: {
    run: (task: string, input: Call["input"], { signal }: RunOptions) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener("abort", () => reject(new Cancelled()));
        calls.push({
          task,
          input,
          done: (output) => (resolve(output), settled()),
          fail: (code) => (reject(new TaskError({ code, message: code })), settled()),
        });
      }),
  },
}));

beforeEach(() => {
  calls.length = 0;
});

function scanItem(kind: RadiationKind | null = "xray"): ScanItem {
  const radiation =
    kind === null ? null : { kind, lines: [{ wavelengthAngstrom: 1.5406, weight: 1 }] };
  const content = { kind: "scan", input: "a.xy", scan: { radiation }, warnings: [] };
  return new ScanItem(1, content as unknown as ScanContent, null);
}

/** The newest call of a task. */
function last(task: string): Call {
  return calls.findLast((call) => call.task === task)!;
}

const FOUND = {
  answer: {
    rejected: false,
    types: [{ key: "rutile" }],
    candidates: [{ key: "rutile" }],
    references: [],
    observation: {},
  },
};

/** Opened and answered. */
async function answered(kind: RadiationKind | null = "xray"): Promise<ScanItem> {
  const item = scanItem(kind);
  void item.open();
  await last("process").done("drawn");
  if (kind !== null) await last("identify").done(FOUND);
  return item;
}

test("an answer to an earlier question says so, and can be asked for again", async () => {
  const item = await answered();
  expect(item.isOutdated).toBe(false);
  const iron = { ...item.elements, must: ["Fe"] };
  void item.chooseElements(iron);
  expect(item.isOutdated).toBe(false);
  item.cancel();
  await settled();
  expect(item.isOutdated).toBe(true);
  expect(item.answered!.elements.must).toEqual([]);
  void item.identify();
  await last("identify").done(FOUND);
  expect(item.isOutdated).toBe(false);
  expect(item.answered!.elements).toBe(iron);
});

test("other radiation whose identification is called off leaves the old answer marked", async () => {
  const item = await answered();
  void item.choose({ wavelength: "CoKa" });
  await last("process").done("drawn");
  item.cancel();
  await settled();
  expect(item.choices.wavelength).toBe("CoKa");
  expect(item.isOutdated).toBe(true);
});

test("without a wavelength again there is no answer", async () => {
  const item = await answered(null);
  expect(item.needsWavelength).toBe(true);
  void item.choose({ wavelength: "CuKa" });
  await last("process").done("drawn");
  await last("identify").done(FOUND);
  expect(item.identification).toBe(FOUND);
  void item.undo();
  await last("process").done("drawn");
  expect([item.needsWavelength, item.identification, item.shown]).toEqual([true, null, null]);
});

test("calling off goes back to the choices that were carried out", async () => {
  const item = await answered();
  void item.choose({ smoothWindow: 5 });
  await last("process").done("smooth");
  void item.choose({ background: "airpls" });
  void item.choose({ removeOutliers: true });
  await settled();
  item.cancel();
  await settled();
  expect(item.choices).toMatchObject({
    smoothWindow: 5,
    background: "none",
    removeOutliers: false,
  });
  expect(item.processed).toBe("smooth");
  void item.undo();
  await last("process").done("drawn");
  expect(item.choices.smoothWindow).toBeNull();
  expect(item.canUndo).toBe(false);
});

test("the radiation of the file is what the choice begins with", () => {
  expect(scanItem("neutron").choices.radiation).toBe("neutron");
  expect(scanItem("neutron").question().radiation).toBe("neutron");
  expect(scanItem(null).choices.radiation).toBe("xray");
});

test("a failed look does not stand in the way of the next answer", async () => {
  const item = await answered();
  item.setAverage(true);
  void item.look();
  await last("evidence").fail("net");
  expect([item.lookProblem?.code, item.isIncomplete]).toEqual(["net", false]);
  item.setAverage(false);
  expect(item.isIncomplete).toBe(true);
  void item.look();
  await last("evidence").fail("net");
  void item.chooseElements({ ...item.elements, must: ["O"] });
  await last("identify").done(FOUND);
  expect([item.lookProblem, item.isIncomplete]).toEqual([null, true]);
});
