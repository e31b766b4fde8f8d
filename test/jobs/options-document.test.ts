/** The documents of the options are those of the tables, and the schema takes what a job takes. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { optionsDocument, optionsSchema } from "../../src/jobs/options-document.ts";
import { flagOf } from "../../src/jobs/options.ts";
import { JOBS, WHOLE_JOBS } from "../../src/jobs/registry.ts";
import { REPRODUCE } from "../../src/reproduce/spec.ts";
import { ewald } from "../support/cli.ts";

const SPECS = [...JOBS, ...WHOLE_JOBS].map(({ spec }) => spec);
const ALL = [...SPECS, REPRODUCE];

describe("`npm run results` was run after the last change of an option", () => {
  test("docs/options.md", () =>
    expect(readFileSync("docs/options.md", "utf8")).toBe(optionsDocument(ALL)));

  test("docs/options.schema.json", () =>
    expect(JSON.parse(readFileSync("docs/options.schema.json", "utf8"))).toEqual(
      JSON.parse(JSON.stringify(optionsSchema(ALL))),
    ));
});

test("bounds, choices, defaults and what must be given", () => {
  const { $defs } = JSON.parse(JSON.stringify(optionsSchema(ALL))) as {
    $defs: Record<string, { properties: Record<string, object>; required: string[] }>;
  };
  const { properties } = $defs["simulate"]!;
  expect(properties["twoTheta"]).toMatchObject({
    items: { minimum: 0, maximum: 180 },
    default: [5, 90],
  });
  expect(properties["fwhm"]).toMatchObject({ exclusiveMinimum: 0, default: 0.12 });
  expect(properties["radiation"]).toMatchObject({ enum: ["xray", "neutron", "electron"] });
  expect(properties["reference"]).toMatchObject({ type: "array", items: { type: "string" } });
  expect($defs["convert"]!.required).toEqual(["output"]);
  const row = /^\| `--smooth <points>` .*$/m.exec(optionsDocument(ALL))![0];
  expect(row).toContain("an odd number from 5");
});

test.each(ALL.map((spec) => [spec.name, spec] as const))(
  "the help of %s names every option of its table",
  async (name, { options }) => {
    const { stdout } = await ewald(...name.split(" "), "--help");
    for (const option of Object.keys(options)) expect(stdout).toContain(flagOf(option));
  },
);
