/**
 * A scene of spheres, sticks, lines and words, drawn from behind to front on a canvas or as SVG: no GPU is needed, and a
 * figure for a paper comes from the same lines as the picture on the screen. Projection is parallel, as crystallographers draw.
 */
import { cross, dot, type Mat3, norm, scale, type Vec3 } from "../../../src/math/matrix3.ts";

interface SceneSphere {
  readonly kind: "sphere";
  readonly at: Vec3;
  readonly radius: number;
  readonly colour: string;
  /** Fainter than 1: points of little weight. */
  readonly opacity?: number;
  /** A ring around it, in the page's accent. */
  readonly ring?: boolean;
  /** What it is, for the pointer. */
  readonly note?: string;
}

export interface SceneStick {
  readonly kind: "stick";
  readonly from: Vec3;
  readonly to: Vec3;
  readonly width: number;
  readonly colour: string;
}

export interface SceneLine {
  readonly kind: "line";
  readonly from: Vec3;
  readonly to: Vec3;
  /** Drawn as if this much farther away: an edge that begins in an atom does not show on it. */
  readonly behind?: number;
}

interface SceneWord {
  readonly kind: "word";
  readonly at: Vec3;
  readonly text: string;
}

/** A sphere of which only the outline is drawn, a circle in parallel projection. */
interface SceneOutline {
  readonly kind: "outline";
  readonly at: Vec3;
  readonly radius: number;
}

export type SceneThing = SceneSphere | SceneStick | SceneLine | SceneWord | SceneOutline;

export interface Scene {
  readonly things: readonly SceneThing[];
  readonly centre: Vec3;
  /** Everything lies within. */
  readonly radius: number;
  /** Directions that one can look along: a, b, c or a*, b*, c*. */
  readonly axes: readonly { readonly name: string; readonly direction: Vec3 }[];
}

export interface SceneView {
  /** Rows are the screen's right, up and towards the viewer. */
  readonly rotation: Mat3;
  readonly zoom: number;
}

function unit(v: Vec3): Vec3 {
  return scale(v, 1 / (norm(v) || 1));
}

/** Looking at the origin from the tip of `direction`, with `up` as far up as that allows. */
export function lookAlong(direction: Vec3, up: Vec3): Mat3 {
  const towards = unit(direction);
  let right = cross(up, towards);
  if (norm(right) < 1e-6 * norm(up))
    right = cross(Math.abs(towards[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0], towards);
  right = unit(right);
  return [right, cross(towards, right), towards];
}

/** Turned about the screen's vertical axis (by x) and its horizontal one (by y), radians. */
export function turned([right, up, towards]: Mat3, byX: number, byY: number): Mat3 {
  const mix = (p: Vec3, q: Vec3, angle: number): Vec3 => {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [p[0] * cos + q[0] * sin, p[1] * cos + q[1] * sin, p[2] * cos + q[2] * sin];
  };
  const right1 = mix(right, towards, byX);
  const towards1 = mix(towards, right, -byX);
  // Orthonormal again: rounding would shear the picture after many turns.
  const towards2 = unit(mix(towards1, up, -byY));
  const right2 = unit(
    [0, 1, 2].map((i) => right1[i]! - dot(right1, towards2) * towards2[i]!) as unknown as Vec3,
  );
  return [right2, cross(towards2, right2), towards2];
}
