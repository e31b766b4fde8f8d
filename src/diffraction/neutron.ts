/** Coherent neutron scattering by nuclei: a length per element, the same at every angle. */
import { atomicNumber } from "../crystal/element.ts";
import { EwaldError } from "../errors.ts";
import { NEUTRON_LENGTHS_FM } from "./tables/neutron.table.ts";

/**
 * Bound coherent scattering length of an element, fm; D is not H.
 * @throws EwaldError `scattering/no-neutron-length` where none was ever measured (Po, At, Rn, Fr, Ac, Pu, Cm …): leaving the
 * atom out would give a plausible but wrong pattern.
 */
export function neutronLengthFm(element: string): number {
  if (Object.hasOwn(NEUTRON_LENGTHS_FM, element)) return NEUTRON_LENGTHS_FM[element]!;
  atomicNumber(element);
  throw new EwaldError(
    "scattering/no-neutron-length",
    `no bound coherent neutron scattering length of ${element} is known`,
    { value: element, hint: "Use X-rays, or replace the element." },
  );
}
