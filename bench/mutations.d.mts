/** Mutation number `index` under `seed` of one of the samples: text, or bytes for one in ten. */
export function mutation(
  samples: readonly string[],
  seed: number,
  index: number,
): string | Uint8Array;

/** Our own small files, one of each kind. */
export const SAMPLES: readonly string[];
