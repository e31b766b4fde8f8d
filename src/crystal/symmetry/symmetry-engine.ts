/**
 * The one place that talks to moyo (`@spglib/moyo-wasm`), the symmetry finder compiled to WebAssembly.
 * It is loaded once and asynchronously (`loadSymmetry`); everything after that is synchronous.
 *
 * moyo's conventions, measured and hidden here: lattices go in as rows; every matrix that comes out is the
 * column-major listing of a matrix for column vectors; what it throws are strings. This file
 * returns `Mat3` (rows) for column vectors and throws `EwaldError`.
 */
import { moyoWasm } from "#moyo";
import initialise, * as moyo from "@spglib/moyo-wasm";
import { EwaldError } from "../../errors.ts";
import type { Mat3, Vec3 } from "../../math/matrix3.ts";

/** x′ = W x + w, with x a column of fractional coordinates. */
export interface SymmetryOperation {
  readonly rotation: Mat3;
  readonly translation: Vec3;
}

let loading: Promise<void> | undefined;
let loaded = false;

/**
 * Loads the symmetry finder (0.74 MB, about 20 ms); later calls return the same promise. Everything
 * that needs a space group needs this first, once per thread.
 *
 * @param wasm the bytes or their URL, for bundlers and pages that the default does not suit.
 * @throws EwaldError `symmetry/load`
 */
export function loadSymmetry(wasm?: BufferSource | URL | string): Promise<void> {
  loading ??= load(wasm).catch((cause: unknown) => {
    loading = undefined;
    throw new EwaldError("symmetry/load", "the symmetry finder's WebAssembly did not load", {
      cause,
      hint: "In a browser, serve moyo_wasm_bg.wasm and give its URL to loadSymmetry.",
    });
  });
  return loading;
}

async function load(wasm: BufferSource | URL | string | undefined): Promise<void> {
  const source = wasm ?? (await moyoWasm());
  await (source === undefined ? initialise() : initialise({ module_or_path: source }));
  loaded = true;
}

/** @throws EwaldError `symmetry/not-loaded` */
export function moyoEngine(): typeof moyo {
  if (!loaded) {
    throw new EwaldError("symmetry/not-loaded", "the symmetry finder is not loaded", {
      hint: "Await loadSymmetry() once before the first call.",
    });
  }
  return moyo;
}

/** A flat column-major matrix as rows. */
export function matrixFromColumns(flat: readonly number[]): Mat3 {
  const at = (index: number): number => flat[index] as number;
  return [
    [at(0), at(3), at(6)],
    [at(1), at(4), at(7)],
    [at(2), at(5), at(8)],
  ];
}

export function operationFromMoyo(operation: {
  readonly rotation: readonly number[];
  readonly translation: Vec3;
}): SymmetryOperation {
  return { rotation: matrixFromColumns(operation.rotation), translation: operation.translation };
}
