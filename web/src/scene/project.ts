/** The scene as flat marks on a screen, from behind to front. */
import {
  norm,
  subtract,
  add,
  scale,
  type Vec3,
  multiplyVector,
} from "../../../src/math/matrix3.ts";
import type { Scene, SceneStick, SceneThing, SceneView } from "./model.ts";

interface Ends {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

interface Disc {
  readonly kind: "disc";
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly colour: string;
  readonly opacity: number;
  readonly ring: boolean;
  /** Of its thing in the scene. */
  readonly index: number;
}

export type Bar = Ends & { readonly kind: "bar"; readonly width: number; readonly colour: string };
export type Edge = Ends & { readonly kind: "edge" };

export type Mark =
  | Disc
  | Bar
  | Edge
  | { readonly kind: "word"; readonly x: number; readonly y: number; readonly text: string }
  | { readonly kind: "circle"; readonly x: number; readonly y: number; readonly r: number };

const MARGIN = 0.94;

/** Marks in the order of drawing. */
export function projected(scene: Scene, view: SceneView, width: number, height: number): Mark[] {
  const perUnit = ((MARGIN * Math.min(width, height)) / 2 / scene.radius) * view.zoom;
  const place = (at: Vec3): Vec3 => {
    const [x, y, z] = multiplyVector(view.rotation, subtract(at, scene.centre));
    return [width / 2 + x * perUnit, height / 2 - y * perUnit, z];
  };
  return scene.things
    .map((thing, index) => markOf(thing, index, place, perUnit))
    .sort((a, b) => a.depth - b.depth)
    .map(({ mark }) => mark);
}

interface Deep {
  readonly depth: number;
  readonly mark: Mark;
}

function markOf(
  thing: SceneThing,
  index: number,
  place: (at: Vec3) => Vec3,
  perUnit: number,
): Deep {
  if (thing.kind === "sphere") {
    const [x, y, depth] = place(thing.at);
    const { radius, colour, opacity = 1, ring = false } = thing;
    const r = radius * perUnit;
    return { depth, mark: { kind: "disc", x, y, r, colour, opacity, ring, index } };
  }
  if (thing.kind === "word") {
    const [x, y] = place(thing.at);
    return { depth: Infinity, mark: { kind: "word", x, y, text: thing.text } };
  }
  if (thing.kind === "outline") {
    const [x, y] = place(thing.at);
    return { depth: -Infinity, mark: { kind: "circle", x, y, r: thing.radius * perUnit } };
  }
  const [x1, y1, z1] = place(thing.from);
  const [x2, y2, z2] = place(thing.to);
  const ends = { x1, y1, x2, y2 };
  const depth = (z1 + z2) / 2;
  if (thing.kind === "line")
    return { depth: depth - (thing.behind ?? 0), mark: { kind: "edge", ...ends } };
  return {
    depth,
    mark: { kind: "bar", ...ends, width: thing.width * perUnit, colour: thing.colour },
  };
}

/**
 * The half of a bond that belongs to an atom, from the atom's surface to the middle: begun at the surface it is drawn rightly
 * whether it points to the viewer or away.
 */
export function halfBond(
  from: Vec3,
  radius: number,
  to: Vec3,
  width: number,
  colour: string,
): SceneStick {
  const way = subtract(to, from);
  const depth = Math.sqrt(Math.max(0, radius * radius - (width * width) / 4));
  const start = Math.min(0.45, depth / (norm(way) || 1));
  const at = (share: number): Vec3 => add(from, scale(way, share));
  return { kind: "stick", from: at(start), to: at(0.5), width, colour };
}

/** Index of the thing whose disc lies under a point, the front one first; −1 for none. */
export function discAt(marks: readonly Mark[], x: number, y: number, reach = 4): number {
  for (let i = marks.length - 1; i >= 0; i--) {
    const mark = marks[i]!;
    if (mark.kind === "disc" && Math.hypot(mark.x - x, mark.y - y) <= Math.max(mark.r, reach))
      return mark.index;
  }
  return -1;
}
