"""Writes src/crystal/element.table.ts and src/crystal/ionic-radius.table.ts.

Run from the repository root: python tools/elements.py (pymatgen 2026.10, periodictable 2.1). Only facts
are taken, numbers with the primary source named in the head of each table; what the two packages hold
twice is compared, what is known to be wrong is put right below.
"""
import gzip
import json
from pathlib import Path

import periodictable
import pymatgen.core.periodic_table as pymatgen_table

RAW = json.load(gzip.open(Path(pymatgen_table.__file__).parent / "periodic_table.json.gz"))
SYMBOLS = [periodictable.elements[z].symbol for z in range(1, 119)]

# Longest-lived isotope (IAEA NUBASE2020) where periodictable has an older one; standard atomic weights do not exist.
MASS_NUMBERS = {"Tc": 97, "Rf": 267, "Db": 268, "Sg": 269, "Bh": 270, "Hs": 269, "Mt": 278, "Ds": 281, "Rg": 282,
                "Cn": 285, "Nh": 286, "Fl": 289, "Mc": 290, "Lv": 293, "Ts": 294, "Og": 294}
NAMES = {"Al": "Aluminium", "Cs": "Caesium"}  # IUPAC
PERIOD_ENDS = [2, 10, 18, 36, 54, 86, 118]
SPIN = {"": "", "High Spin": "HS", "Low Spin": "LS"}
ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11,
         "XII": 12, "XIV": 14}


def number(value):
    if value is None or value != value:
        return "null"
    return repr(round(float(value), 10)).removesuffix(".0")


def period_and_group(z):
    """IUPAC; the f-block (La-Yb, Ac-No) has no group, Lu and Lr stand in group 3 (IUPAC report, Scerri 2021)."""
    period = next(i + 1 for i, end in enumerate(PERIOD_ENDS) if z <= end)
    start = 1 + (PERIOD_ENDS[period - 2] if period > 1 else 0)
    place, length = z - start + 1, PERIOD_ENDS[period - 1] - start + 1
    if place <= 2 and z != 2:
        return period, place
    from_end = length - place
    group = 18 - from_end
    return period, group if group >= 3 else None


def element_rows():
    for z, symbol in enumerate(SYMBOLS, 1):
        raw, other = RAW[symbol], periodictable.elements[z]
        assert raw["Atomic no"] == z
        period, group = period_and_group(z)
        mass = MASS_NUMBERS.get(symbol, other.mass)
        common = sorted(raw.get("Common oxidation states", []))
        known = sorted({*raw.get("Oxidation states", []), *common})
        name = NAMES.get(symbol, raw["Name"])
        yield (f'["{symbol}", "{name}", {period}, {group or "null"}, {number(mass)}, {number(other.covalent_radius)}, '
               f'{number(raw.get("Atomic radius"))}, {number(raw.get("Metallic radius"))}, '
               f'{number(raw.get("Van der waals radius"))}, {number(raw.get("X"))}, {number(raw.get("Mendeleev no"))}, '
               f'{json.dumps(common)}, {json.dumps(known)}]')


def radius_rows():
    for symbol in SYMBOLS:
        for charge, coordinations in RAW[symbol].get("Shannon radii", {}).items():
            # Eu VII 1.01 Å has lost its charge in the package; it is Eu3+ (between VI 0.947 and VIII 1.066).
            oxidation = int(charge) if charge else {"Eu": 3}[symbol]
            for coordination, spins in coordinations.items():
                roman = coordination.removesuffix("SQ").removesuffix("PY")
                geometry = coordination[len(roman):]
                for spin, radii in spins.items():
                    crystal, ionic = radii["crystal_radius"], radii["ionic_radius"]
                    # The two scales differ by 0.14 Å throughout (the original misprints N5+ III by 0.008).
                    off = abs(crystal - ionic - (0.14 if oxidation > 0 else -0.14))
                    assert off < 1e-9 or (symbol, oxidation) == ("N", 5), (symbol, charge, coordination, radii)
                    yield f'["{symbol}", {oxidation}, {ROMAN[roman]}, "{geometry}", "{SPIN[spin]}", {number(ionic)}]'


ELEMENTS_HEAD = '''/**
 * Facts about the elements, Z = 1 … 118. Written by tools/elements.py; do not edit by hand.
 *
 * - standard atomic weight: CIAAW 2021, abridged (Prohaska et al., Pure Appl. Chem. 94 (2022) 573); where
 *   none exists, the mass number of the longest-lived isotope
 * - covalent radius, Å: Cordero et al., Dalton Trans. (2008) 2832; C sp3; Mn, Fe, Co low spin
 * - atomic radius, Å: Slater, J. Chem. Phys. 41 (1964) 3199
 * - metallic radius, Å: coordination 12; Wells, Structural Inorganic Chemistry (5th ed., 1984), actinides and
 *   lanthanides after Greenwood & Earnshaw, Chemistry of the Elements (2nd ed., 1997)
 * - van der Waals radius, Å: CRC Handbook of Chemistry and Physics (95th ed., 2014)
 * - electronegativity: Pauling scale as revised by Allred, J. Inorg. Nucl. Chem. 17 (1961) 215
 * - Mendeleev number: Villars, Cenzual, Daams, Chen, Iwata, J. Alloys Compd. 367 (2004) 167
 * - oxidation states, common and known: Greenwood & Earnshaw (2nd ed., 1997), p. 28
 */
type Row = readonly [
  symbol: string, name: string, period: number, group: number | null, weight: number, covalent: number | null,
  atomic: number | null, metallic: number | null, vanDerWaals: number | null, electronegativity: number | null,
  mendeleev: number | null, common: readonly number[], known: readonly number[],
];

/** In order of atomic number. */
export const ELEMENT_ROWS: readonly Row[] = [
'''

RADII_HEAD = '''/**
 * Effective ionic radii, Å (oxide ion of coordination VI: 1.40 Å). Written by tools/elements.py; do not edit by hand.
 * Shannon, Acta Cryst. A32 (1976) 751, Table 1. Crystal radii are 0.14 Å larger for cations, 0.14 Å smaller for anions.
 * Geometry: SQ square planar, PY pyramidal. Spin: HS high, LS low.
 */
type Row = readonly [
  element: string, oxidation: number, coordination: number, geometry: "" | "SQ" | "PY", spin: "" | "HS" | "LS",
  ionicRadiusAngstrom: number,
];

export const IONIC_RADIUS_ROWS: readonly Row[] = [
'''

for path, head, rows in [("element.table.ts", ELEMENTS_HEAD, element_rows()),
                         ("ionic-radius.table.ts", RADII_HEAD, radius_rows())]:
    body = "".join(f"  {row},\n" for row in rows)
    Path("src/crystal", path).write_text(f"{head}{body}];\n", encoding="utf-8")
