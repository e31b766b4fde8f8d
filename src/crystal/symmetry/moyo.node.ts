/** Where Node finds the symmetry finder's WebAssembly: the file beside its package's code. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

export async function moyoWasm(): Promise<BufferSource> {
  return readFile(createRequire(import.meta.url).resolve("@spglib/moyo-wasm/moyo_wasm_bg.wasm"));
}
