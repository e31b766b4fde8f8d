/** Searches in values that rise. */

/** Index of the first value that is not below `limit`; the length where all are. Bisection: log₂ n looks. */
export function lowerBound(values: ArrayLike<number>, limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
