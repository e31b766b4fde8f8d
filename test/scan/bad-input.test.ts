/** Damaged and hostile files: a typed error with its place, in bounded time, never a wrong scan. */
import { gzipSync, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { EwaldError } from "../../src/errors.ts";
import { readScan } from "../../src/scan/read.ts";
import { bytesOf, raw3, xrdml, xyText } from "./fixtures/written.ts";

function errorOf(bytes: Uint8Array): EwaldError {
  try {
    readScan(bytes, { name: "bad" });
  } catch (error) {
    if (error instanceof EwaldError) return error;
    throw error;
  }
  throw new Error("was read");
}

const TWENTY = Array.from({ length: 20 }, (_, i) => [10 + i * 0.02, 100 + i] as const);

describe("text", () => {
  test.each([
    ["empty", "", "scan/empty", undefined],
    ["blank", " \n\n", "scan/empty", undefined],
    ["words", "hello world\nno numbers here\n", "scan/unknown-format", 1],
    ["not a number", xyText(TWENTY).replace("105", "NaN"), "scan/not-finite", 6],
    ["infinite", xyText(TWENTY).replace("105", "inf"), "scan/not-finite", 6],
    ["half a number", xyText(TWENTY).replace("105", "1x5"), "scan/bad-number", 6],
    ["a row that ends early", xyText(TWENTY).replace(" 105", ""), "scan/bad-number", 6],
    ["negative counts", xyText(TWENTY).replace(" 105", " -105"), "scan/negative-counts", 6],
    ["a doubled angle", xyText(TWENTY).replace("10.1 ", "10.08 "), "scan/doubled-angle", 6],
    ["an angle out of order", xyText(TWENTY).replace("10.1 ", "10.05 "), "scan/unsorted-axis", 6],
  ])("%s", (_, text, code, line) => {
    const error = errorOf(bytesOf(text));
    expect(error.code).toBe(code);
    if (line !== undefined) expect(error.details.line).toBe(line);
    expect(error.details.source).toBe("bad");
  });

  test("words between rows are no heading where the axis goes on", () => {
    const lines = xyText(TWENTY).trim().split("\n");
    lines.splice(10, 0, "what is this");
    expect(errorOf(bytesOf(lines.join("\n"))).details.line).toBe(11);
  });

  test("a doubled angle in a long even scan is damage, not a second range", () => {
    const rows = Array.from(
      { length: 400 },
      (_, i) => [5 + (i - (i > 200 ? 1 : 0)) * 0.02, 7] as const,
    );
    expect(errorOf(bytesOf(xyText(rows))).code).toBe("scan/doubled-angle");
  });
});

describe("XML", () => {
  test("cut off", () => {
    const whole = xrdml(TWENTY.map(([, count]) => count));
    const error = errorOf(bytesOf(whole.slice(0, whole.length - 60)));
    expect(error.code).toBe("xml/malformed");
    expect(error.details.line).toBeGreaterThan(1);
  });

  test("an entity bomb is an error, not gigabytes", () => {
    const entities = Array.from(
      { length: 9 },
      (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`,
    ).join("");
    const text = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">${entities}]><xrdMeasurements>&l9;</xrdMeasurements>`;
    expect(errorOf(bytesOf(text)).code).toBe("xml/malformed");
  });

  test("deep nesting stops", () => {
    const text = `<xrdMeasurements>${"<a>".repeat(100_000)}`;
    expect(errorOf(bytesOf(text)).code).toBe("xml/bomb");
  });

  test("negative counts and words among counts name their line", () => {
    expect(errorOf(bytesOf(xrdml([1, 2, -3]))).code).toBe("scan/negative-counts");
    const words = errorOf(bytesOf(xrdml([1, 2, 3]).replace("1 2 3", "1 two 3")));
    expect(words.code).toBe("scan/bad-number");
    expect(words.details.line).toBeGreaterThan(1);
  });
});

describe("archives", () => {
  const profile = bytesOf(TWENTY.map(([x, y]) => `${x}\t${y}\t1`).join("\n"));

  test("a path that leads out of the archive", () => {
    const zip = zipSync({ "../evil.txt": profile, "Data0/Profile0.txt": profile });
    expect(errorOf(zip).code).toBe("zip/unsafe-name");
  });

  test("cut off, damaged, and something else", () => {
    const zip = zipSync({ "Data0/Profile0.txt": profile });
    expect(errorOf(zip.subarray(0, zip.length - 30)).code).toBe("zip/corrupt");
    const damaged = zip.slice();
    damaged[60] = damaged[60]! ^ 0xff;
    expect(errorOf(damaged).code).toMatch(/^zip\//);
    const excel = zipSync({ "xl/workbook.xml": bytesOf("<workbook/>") });
    expect(errorOf(excel).message).toContain("an Excel workbook");
    expect(errorOf(gzipSync(profile).subarray(0, 40)).code).toBe("zip/corrupt");
  });
});

describe("binary", () => {
  test("a header that claims a thousand million points allocates nothing", () => {
    const bytes = raw3([5, 6, 7]);
    new DataView(bytes.buffer).setUint32(712 + 4, 1_000_000_000, true);
    const error = errorOf(bytes);
    expect(error.code).toBe("binary/truncated");
    expect(error.details.byte).toBe(712 + 304);
  });

  test("a header that claims a thousand million ranges", () => {
    const bytes = raw3([5, 6, 7]);
    new DataView(bytes.buffer).setUint32(12, 1_000_000_000, true);
    expect(errorOf(bytes).code).toBe("binary/truncated");
  });

  test("cut off at every byte", () => {
    const bytes = raw3([5, 6, 7, 8]);
    for (let size = 1; size < bytes.length; size++) errorOf(bytes.subarray(0, size));
  });

  test("NaN, negative counts and a step of zero", () => {
    const at = 712 + 304;
    const nan = raw3([5, 6, 7]);
    new DataView(nan.buffer).setFloat32(at + 4, Number.NaN, true);
    expect(errorOf(nan)).toMatchObject({ code: "scan/not-finite", details: { byte: at + 4 } });
    expect(errorOf(raw3([5, -6, 7]))).toMatchObject({
      code: "scan/negative-counts",
      details: { byte: at + 4 },
    });
    const still = raw3([5, 6, 7]);
    new DataView(still.buffer).setFloat64(712 + 176, 0, true);
    expect(errorOf(still).code).toBe("scan/bad-axis");
  });

  test.each([
    ["a PNG image", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]],
    ["a TIFF image", [0x49, 0x49, 0x2a, 0, 8, 0, 0, 0]],
    ["an HDF5 file", [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a]],
  ])("%s by its name", (what, bytes) => {
    const error = errorOf(Uint8Array.from(bytes));
    expect(error.code).toBe("scan/not-a-scan");
    expect(error.message).toContain(what);
  });

  test("an EDS spectrum by its name", () => {
    const error = errorOf(
      bytesOf("#FORMAT      : EMSA/MAS Spectral Data File\n#VERSION : 1.0\n1 2\n"),
    );
    expect(error.message).toContain("energy-dispersive (EDS)");
  });
});
