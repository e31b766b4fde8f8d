/** Words of the options that several commands have for scans. */
import { EwaldError } from "../errors.ts";
import type { AxisKind } from "../radiation/axis.ts";

export const WAVELENGTH_HELP =
  "of the scan, where its file states none or you know better (a warning says where they differ): CuKa12, CoKa1, 1.5406";

/** An axis by the words people use. @throws EwaldError `usage/axis` */
export function axisKind(text: string): AxisKind {
  const kinds: Readonly<Record<string, AxisKind>> = {
    "2theta": "twoTheta",
    twotheta: "twoTheta",
    d: "d",
    q: "q",
  };
  const kind = kinds[text.toLowerCase()];
  if (kind !== undefined) return kind;
  throw new EwaldError("usage/axis", `"${text}" is no axis`, {
    value: text,
    hint: "Give 2theta, d or q.",
  });
}
