/**
 * Where a browser finds the symmetry finder's WebAssembly: nowhere special. The package fetches the
 * file beside its own module through `new URL(…, import.meta.url)`, which Vite, webpack and Rollup
 * copy into their output. For any other arrangement give `loadSymmetry` the bytes or their URL.
 */
export async function moyoWasm(): Promise<undefined> {
  return undefined;
}
