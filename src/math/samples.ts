/** Checks that statistics and metrics share. */
import { EwaldError } from "../errors.ts";

/** @throws EwaldError `samples/empty`, `samples/length`, `samples/not-finite` */
export function checkPair(a: ArrayLike<number>, b: ArrayLike<number>): void {
  if (a.length !== b.length) {
    throw new EwaldError("samples/length", `${a.length} numbers beside ${b.length}`, {
      value: [a.length, b.length],
    });
  }
  if (a.length === 0) throw new EwaldError("samples/empty", "no samples to measure");
  checkFinite(a);
  checkFinite(b);
}

export function checkFinite(values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) {
      throw new EwaldError("samples/not-finite", `sample ${i} is ${values[i]}`, {
        value: values[i],
      });
    }
  }
}
