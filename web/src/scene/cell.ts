/** A crystal's cell as a scene. */
import { add, norm, scale, subtract, type Vec3 } from "../../../src/math/matrix3.ts";
import type { CellScene } from "../worker/cell-scene.ts";
import { elementColour } from "./element-colours.table.ts";
import type { Scene, SceneLine, SceneThing } from "./model.ts";
import { halfBond } from "./project.ts";

const BOND_WIDTH = 0.17;
/** Cell edges in pieces: each is sorted by depth, so that atoms hide what is behind them. */
const PIECES = 8;

function corner([a, b, c]: CellScene["lattice"], i: number, j: number, k: number): Vec3 {
  return add(add(scale(a, i), scale(b, j)), scale(c, k));
}

function edges(lattice: CellScene["lattice"], behind: number): SceneLine[] {
  const ends = [0, 1].flatMap((p) =>
    [0, 1].flatMap((q): [Vec3, Vec3][] => [
      [corner(lattice, 0, p, q), corner(lattice, 1, p, q)],
      [corner(lattice, p, 0, q), corner(lattice, p, 1, q)],
      [corner(lattice, p, q, 0), corner(lattice, p, q, 1)],
    ]),
  );
  return ends.flatMap(([from, to]) => {
    const at = (share: number): Vec3 => add(scale(from, 1 - share), scale(to, share));
    return Array.from({ length: PIECES }, (_, i): SceneLine => ({
      kind: "line",
      from: at(i / PIECES),
      to: at((i + 1) / PIECES),
      behind,
    }));
  });
}

/** @param highlighted sites whose atoms carry a ring */
export function cellView(cell: CellScene, highlighted: ReadonlySet<number>): Scene {
  const { atoms, bonds, lattice } = cell;
  const colours = atoms.map(({ species }) => elementColour(species[0]!.element));
  const things: SceneThing[] = atoms.map(({ cart, radiusAngstrom, species, site }, i) => ({
    kind: "sphere",
    at: cart,
    radius: radiusAngstrom,
    colour: colours[i]!,
    ring: highlighted.has(site),
    note: species
      .map(({ element, occupancy }) =>
        occupancy < 0.9995 ? `${element} ${Number(occupancy.toFixed(3))}` : element,
      )
      .join(" + "),
  }));
  for (const [i, j] of bonds) {
    const [one, other] = [atoms[i]!, atoms[j]!];
    things.push(
      halfBond(one.cart, one.radiusAngstrom, other.cart, BOND_WIDTH, colours[i]!),
      halfBond(other.cart, other.radiusAngstrom, one.cart, BOND_WIDTH, colours[j]!),
    );
  }
  const largest = Math.max(0, ...atoms.map(({ radiusAngstrom }) => radiusAngstrom));
  things.push(...edges(lattice, largest));
  const names = ["a", "b", "c"];
  const tips = lattice.map((row) => scale(row, 1 + (largest + 0.35) / norm(row)));
  names.forEach((text, i) => things.push({ kind: "word", at: tips[i]!, text }));
  const centre = corner(lattice, 0.5, 0.5, 0.5);
  const reach = [
    ...atoms.map(({ cart, radiusAngstrom }) => norm(subtract(cart, centre)) + radiusAngstrom),
    ...tips.map((tip) => norm(subtract(tip, centre)) + 0.2),
  ];
  return {
    things,
    centre,
    radius: Math.max(1, ...reach),
    axes: names.map((name, i) => ({ name, direction: lattice[i]! })),
  };
}
