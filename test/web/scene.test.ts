/** The 3D pictures: bonds, projection, hiding, SVG; and the reciprocal points within the limiting sphere. */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readStructures } from "../../src/crystal/io/read-structures.ts";
import type { Structure } from "../../src/crystal/structure.ts";
import { cross, dot, type Mat3, norm, type Vec3 } from "../../src/math/matrix3.ts";
import { cellView } from "../../web/src/scene/cell.ts";
import { lookAlong, type Scene, type SceneThing, turned } from "../../web/src/scene/model.ts";
import { discAt, halfBond, projected } from "../../web/src/scene/project.ts";
import { reciprocalView } from "../../web/src/scene/reciprocal.ts";
import { sceneSvg } from "../../web/src/scene/svg.ts";
import { cellScene } from "../../web/src/worker/cell-scene.ts";
import { reciprocalSpace } from "../../web/src/worker/reciprocal-space.ts";

function example(name: string): Structure {
  return readStructures(readFileSync(`examples/${name}`)).structures[0]!.structure;
}

function neighboursOf(name: string, element: string): number[] {
  const { atoms, bonds } = cellScene(example(name));
  const counts = atoms.map((_, i) => bonds.filter((pair) => pair.includes(i)).length);
  return counts.filter((_, i) => atoms[i]!.species[0]!.element === element);
}

describe("the cell", () => {
  test("atoms on faces, edges and corners are repeated: halite shows 14 Na and 13 Cl", () => {
    const { atoms } = cellScene(example("halite.cif"));
    const count = (symbol: string): number =>
      atoms.filter(({ species }) => species[0]!.element === symbol).length;
    expect([count("Na"), count("Cl")].sort()).toEqual([13, 14]);
  });

  test("coordination: carbon in calcite has 3 oxygen, titanium within rutile 6, no oxygen-oxygen bonds", () => {
    expect(Math.max(...neighboursOf("calcite.cif", "C"))).toBe(3);
    expect(Math.max(...neighboursOf("rutile.cif", "Ti"))).toBe(6);
    const { atoms, bonds } = cellScene(example("rutile.cif"));
    for (const [i, j] of bonds)
      expect(atoms[i]!.species[0]!.element).not.toBe(atoms[j]!.species[0]!.element);
  });

  test("metals beside metals are not joined in an oxide", () => {
    const { atoms, bonds } = cellScene(example("perovskite.vasp"));
    const pairs = new Set(
      bonds.map((pair) =>
        pair
          .map((i) => atoms[i]!.species[0]!.element)
          .sort()
          .join("-"),
      ),
    );
    expect([...pairs].sort()).toEqual(["O-Sr", "O-Ti"]);
  });

  test("a cell of too many sites is drawn in part and says so", () => {
    const halite = example("halite.cif");
    const sites = Array.from({ length: 2000 }, (_, i) => halite.sites[i % 8]!);
    expect(cellScene({ ...halite, sites }).sitesLeftOut).toBe(500);
  });
});

const direction = fc
  .tuple(...[0, 1, 2].map(() => fc.double({ min: -1, max: 1, noNaN: true })))
  .filter((v) => norm(v as unknown as Vec3) > 0.01)
  .map((v) => v as unknown as Vec3);

function expectRotation(rotation: Mat3): void {
  for (const row of rotation) expect(norm(row)).toBeCloseTo(1, 9);
  expect(dot(cross(rotation[0], rotation[1]), rotation[2])).toBeCloseTo(1, 9);
}

describe("the view", () => {
  test("is a rotation from any direction and after any number of turns", () => {
    fc.assert(
      fc.property(
        direction,
        direction,
        fc.array(
          fc.tuple(
            fc.float({ min: -3, max: 3, noNaN: true }),
            fc.float({ min: -3, max: 3, noNaN: true }),
          ),
        ),
        (towards, up, turns) => {
          let rotation = lookAlong(towards, up);
          expectRotation(rotation);
          expect(dot(rotation[2], towards)).toBeCloseTo(norm(towards), 9);
          for (const [x, y] of turns) rotation = turned(rotation, x, y);
          expectRotation(rotation);
        },
      ),
    );
  });

  test("what is nearer is drawn later and found first", () => {
    const sphere = (z: number): SceneThing => ({
      kind: "sphere",
      at: [0, 0, z],
      radius: 1,
      colour: "#808080",
    });
    const scene: Scene = {
      things: [sphere(2), sphere(-2)],
      centre: [0, 0, 0],
      radius: 4,
      axes: [],
    };
    const view = { rotation: lookAlong([0, 0, 1], [0, 1, 0]), zoom: 1 };
    const marks = projected(scene, view, 100, 100);
    expect(marks.map((mark) => mark.kind === "disc" && mark.index)).toEqual([1, 0]);
    expect(discAt(marks, 50, 50)).toBe(0);
    expect(discAt(marks, 5, 5)).toBe(-1);
    const behind = projected(
      scene,
      { ...view, rotation: lookAlong([0, 0, -1], [0, 1, 0]) },
      100,
      100,
    );
    expect(discAt(behind, 50, 50)).toBe(1);
  });

  test("a half bond begins at the atom's surface and ends in the middle", () => {
    const { from, to } = halfBond([0, 0, 0], 0.5, [2, 0, 0], 0.2, "#ff0000");
    expect(from[0]).toBeCloseTo(Math.sqrt(0.25 - 0.01), 12);
    expect(to).toEqual([1, 0, 0]);
  });

  test("everything of a scene lies within the picture", () => {
    for (const name of ["quartz.cif", "olivine.cif", "perovskite.vasp"]) {
      const scene = cellView(cellScene(example(name)), new Set());
      const view = { rotation: lookAlong([1, 0.3, 0.2], [0, 0, 1]), zoom: 1 };
      for (const mark of projected(scene, view, 300, 300))
        if (mark.kind === "disc") {
          expect(mark.x - mark.r).toBeGreaterThan(0);
          expect(mark.x + mark.r).toBeLessThan(300);
        }
    }
  });

  test("as SVG: a circle per atom, text made safe", () => {
    const scene = cellView(cellScene(example("halite.cif")), new Set([0]));
    const marks = projected(
      scene,
      { rotation: lookAlong([1, 0, 0], [0, 0, 1]), zoom: 1 },
      200,
      200,
    );
    const svg = sceneSvg(marks, { width: 200, height: 200 }, "a < b & c");
    expect(svg.match(/fill="url\(#g/g)).toHaveLength(27);
    expect(svg).toContain("<title>a &lt; b &amp; c</title>");
  });
});

describe("reciprocal space", () => {
  const halite = example("halite.cif");
  const space = reciprocalSpace({
    structure: halite,
    radiation: "xray",
    wavelengthAngstrom: 1.5418,
  });

  test("of more points than are drawn it is said how many there are", () => {
    expect(space.pointsWithin).toBe(space.strength.length);
    const many = reciprocalSpace({
      structure: example("quartz.cif"),
      radiation: "xray",
      wavelengthAngstrom: 0.7107,
    });
    expect(many.strength).toHaveLength(3000);
    expect(many.pointsWithin).toBeGreaterThan(6000);
  });

  test("points lie within the limiting sphere, absences are left out, Friedel pairs are complete", () => {
    expect(space.limitInvAngstrom).toBeCloseTo(2 / 1.5418, 12);
    const seen = new Set<string>();
    for (let i = 0; i < space.strength.length; i++) {
      const hkl = Array.from(space.hkl.subarray(3 * i, 3 * i + 3));
      seen.add(hkl.join(" "));
      expect(Math.hypot(...space.gInvAngstrom.subarray(3 * i, 3 * i + 3))).toBeLessThanOrEqual(
        space.limitInvAngstrom,
      );
      // A face-centred lattice: all odd or all even.
      expect(new Set(hkl.map((index) => Math.abs(index) % 2)).size).toBe(1);
    }
    expect(seen.has("2 0 0") && seen.has("-2 0 0")).toBe(true);
    expect(Math.max(...space.strength)).toBe(1);
  });

  test("the point that decided carries a ring", () => {
    const { things } = reciprocalView(space, new Map([["2 0 0", 0.4]]));
    const ringed = things.filter((thing) => thing.kind === "sphere" && thing.ring === true);
    expect(ringed).toHaveLength(1);
    expect(ringed[0]).toMatchObject({
      note: expect.stringMatching(/^2 0 0, d = 2\.8\d+ Å.*40\.0 % of the decision/),
    });
  });
});
