/** Archives and XML with bounds; numbers that agree with the language's own reading to the last bit. */
import * as fc from "fast-check";
import { gzipSync, strToU8, zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { BinaryReader } from "../../src/formats/binary.ts";
import { decodeInstrumentText, looksBinary } from "../../src/formats/instrument-text.ts";
import { readNumber, readNumberList } from "../../src/formats/numbers.ts";
import { child, descendants, parseXml } from "../../src/formats/xml.ts";
import { gunzip, openZip } from "../../src/formats/zip.ts";

describe("ZIP and gzip", () => {
  test("read back what another program packed, stored and deflated", () => {
    const zip = openZip(
      zipSync({ "a/b.txt": strToU8("hello ".repeat(1000)), c: [strToU8("stored"), { level: 0 }] }),
    );
    expect(zip.entries.map((entry) => entry.name)).toEqual(["a/b.txt", "c"]);
    expect(new TextDecoder().decode(zip.read(zip.entries[0]!))).toBe("hello ".repeat(1000));
    expect(new TextDecoder().decode(zip.read(zip.entries[1]!))).toBe("stored");
    expect(new TextDecoder().decode(gunzip(gzipSync(strToU8("gz"))))).toBe("gz");
  });

  test("a bomb stops at the limit and not at the memory", () => {
    const zeros = new Uint8Array(8 * 1024 * 1024);
    const zip = zipSync({ bomb: zeros });
    expect(zip.length).toBeLessThan(20_000);
    const archive = openZip(zip, 1024 * 1024);
    expect(() => archive.read(archive.entries[0]!)).toThrow(/expands beyond 1048576/);
    expect(() => gunzip(gzipSync(zeros), 1024 * 1024)).toThrow(/expands beyond 1048576/);
  });

  test("all entries together count", () => {
    const archive = openZip(zipSync({ a: new Uint8Array(600), b: new Uint8Array(600) }), 1000);
    archive.read(archive.entries[0]!);
    expect(() => archive.read(archive.entries[1]!)).toThrow(/expands beyond/);
  });

  test.each(["../x", "a/../../x", "/etc/x", "C:\\x", "a\\..\\..\\x"])("unsafe name %s", (name) => {
    expect(() => openZip(zipSync({ [name]: new Uint8Array(3) }))).toThrow(/holds the path/);
  });

  test("a changed byte fails the checksum or the inflating", () => {
    const zip = zipSync({ a: strToU8(Array.from({ length: 500 }, (_, i) => i).join(" ")) });
    for (let at = 40; at < 200; at += 7) {
      const changed = zip.slice();
      changed[at] = changed[at]! ^ 0x55;
      expect(() => {
        const archive = openZip(changed);
        archive.read(archive.entries[0]!);
      }).toThrow();
    }
  });
});

describe("XML", () => {
  test("names without prefixes, attributes, text and lines", () => {
    const root = parseXml(
      '<?xml version="1.0"?>\n<x:a xmlns:x="u">\n<b x:k="1">t<![CDATA[<u>]]></b><b/></x:a>',
    );
    expect(root.name).toBe("a");
    const [b] = descendants(root, "b");
    expect(b).toMatchObject({ text: "t<u>", line: 3, attributes: { k: "1" } });
    expect(child(root, "b", "nothing")).toBeUndefined();
  });

  test("an attribute called __proto__ is an attribute", () => {
    expect(parseXml('<a __proto__="1"/>').attributes["__proto__"]).toBe("1");
  });
});

describe("numbers", () => {
  test("the fast path gives the bits of Number()", () => {
    const cursor = { end: 0 };
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
          fc.tuple(fc.integer(), fc.nat(8)).map(([n, places]) => (n / 1e4).toFixed(places)),
          fc.stringMatching(/^[+-]?\d{1,20}\.?\d{0,20}(?:[eE][+-]?\d{1,3})?$/),
        ),
        (text) => {
          expect(readNumber(text, 0, cursor)).toBe(Number(text));
          expect(cursor.end).toBe(text.length);
        },
      ),
      { numRuns: 2000, seed: 20260101 },
    );
  });

  test("decimal commas and Fortran exponents", () => {
    const cursor = { end: 0 };
    expect(readNumber("10,25;3", 0, cursor, 44)).toBe(10.25);
    expect(cursor.end).toBe(5);
    expect(readNumber("1.5D+02", 0, cursor)).toBe(150);
    expect(readNumber("-", 0, cursor)).toBeNaN();
    expect(readNumberList("1, 2\n3.5\t-4e1")).toEqual(Float64Array.of(1, 2, 3.5, -40));
    expect(readNumberList("1 two")).toBeUndefined();
  });
});

describe("bytes", () => {
  test("a read past the end names the byte", () => {
    const reader = new BinaryReader(new Uint8Array(10), "test format");
    expect(() => reader.float64(4)).toThrow(
      /test format: a 64-bit float needs 8 bytes from byte 4/,
    );
    expect(() => reader.float32Array(0, 1_000_000_000)).toThrow(/needs 4000000000 bytes/);
  });

  test("encodings of old instruments", () => {
    const utf16 = Uint8Array.from("# 2θ deg\n1 2\n", (c) => c.charCodeAt(0) & 0xff);
    expect(decodeInstrumentText(utf16)).toContain("deg");
    const bytes = new Uint8Array(
      Uint16Array.from("10.5 20\n11.5 30\n", (c) => c.charCodeAt(0)).buffer,
    );
    expect(decodeInstrumentText(bytes)).toBe("10.5 20\n11.5 30\n");
    expect(looksBinary(bytes)).toBe(false);
    expect(decodeInstrumentText(Uint8Array.of(0x31, 0xb0))).toBe("1°");
    expect(looksBinary(Uint8Array.of(1, 2, 3, 0))).toBe(true);
  });
});
