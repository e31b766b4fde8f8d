"""Writes src/diffraction/tables/*.table.ts: published coefficients as plain numbers with their source.

Run once (and again only to re-transcribe):  python tools/scattering_tables.py
Needs gemmi, xraydb, pymatgen, numpy: the numbers are read from the copies these packages carry of
the primary sources named in each header. Never used by the library, its tests or continuous integration.
"""
import json
import pathlib
import sqlite3

import gemmi
import numpy as np
import pymatgen.analysis.diffraction as pmg_diffraction
import xraydb

OUT = pathlib.Path(__file__).parent.parent / "src/diffraction/tables"
SYMBOLS = [gemmi.Element(z).name for z in range(1, 104)]


def number(value):
    text = np.format_float_positional(value, trim="-")
    return text


def short(value, digits):
    """Rounded to `digits` decimals, without a leading zero's waste."""
    return np.format_float_positional(round(float(value), digits), trim="-")


def ion(symbol, charge):
    """SYMBOL, or SYMBOL with charge as CIF writes it: Fe3+, O2-."""
    if charge == 0:
        return symbol
    return f"{symbol}{abs(charge)}{'+' if charge > 0 else '-'}"


def write(name, header, constant, rows, type_):
    body = "".join(f'  "{key}": [{", ".join(values)}],\n' for key, values in rows)
    (OUT / f"{name}.table.ts").write_text(
        f"/**\n{header}\n *\n * Written by tools/scattering_tables.py.\n */\n"
        f"export const {constant}: Readonly<Record<string, {type_}>> = {{\n{body}}};\n"
    )
    print(name, len(rows), (OUT / f"{name}.table.ts").stat().st_size)


def four_gaussian():
    source = pathlib.Path(next(iter(pmg_diffraction.__path__))) / "atomic_scattering_params.json"
    data = json.loads(source.read_text())
    rows = [(s, [number(x) for pair in data[s] for x in pair]) for s in SYMBOLS if s in data]
    write(
        "four-gaussian",
        " * X-ray form factors of neutral atoms as f = Z - 41.78214 s² Σ aᵢ exp(-bᵢ s²), s = sinθ/λ in 1/Å: rows a1, b1, … a4, b4,\n"
        " * b in Å². Electron scattering amplitudes of P. A. Doyle & P. S. Turner, Acta Cryst. A24 (1968) 390 and G. H. Smith &\n"
        " * R. E. Burge, Acta Cryst. 15 (1962) 182, turned into X-ray factors by the Mott-Bethe relation, as tabulated in\n"
        " * M. De Graef & M. E. McHenry, Structure of Materials (2007), and used by pymatgen (MIT). 98 elements. Fitted for\n"
        " * s < 2 1/Å at best; beyond the turning point f rises again towards Z (see `form-factor.ts`).",
        "FOUR_GAUSSIAN",
        rows,
        "readonly number[]",
    )


def international_tables():
    gemmi.IT92_set_ignore_charge(False)
    rows = []
    for symbol in SYMBOLS:
        element = gemmi.Element(symbol)
        for charge in [0, *range(-4, 0), *range(1, 9)]:
            coefficients = gemmi.IT92_get_exact(element, charge)
            if coefficients is None:
                continue
            flat = [np.float32(x) for x in coefficients.get_coefs()]
            pairs = [x for i in range(4) for x in (flat[i], flat[4 + i])]
            rows.append((ion(symbol, charge), [number(x) for x in (*pairs, flat[8])]))
    write(
        "international-tables",
        " * X-ray form factors f = Σ aᵢ exp(-bᵢ s²) + c, s = sinθ/λ < 2 1/Å: rows a1, b1, … a4, b4, c, b in Å². Neutral atoms to Cf and\n"
        " * ions. International Tables for Crystallography, vol. C (1992), table 6.1.1.4, read from gemmi's copy.",
        "INTERNATIONAL_TABLES_C_6_1_1_4",
        rows,
        "readonly number[]",
    )


def waasmaier_kirfel():
    database = sqlite3.connect(pathlib.Path(xraydb.__file__).parent / "xraydb.sqlite")
    rows = []
    query = "select ion, offset, scale, exponents from Waasmaier order by atomic_number, id"
    for name, offset, scale, exponents in database.execute(query):
        if name in ("Cval", "Siva"):  # bonded atoms: not an element nor an ion
            continue
        pairs = [x for pair in zip(json.loads(scale), json.loads(exponents)) for x in pair]
        rows.append((name, [number(x) for x in (*pairs, offset)]))
    write(
        "waasmaier-kirfel",
        " * X-ray form factors f = Σ aᵢ exp(-bᵢ s²) + c, s = sinθ/λ < 6 1/Å: rows a1, b1, … a5, b5, c, b in Å². Neutral atoms to Cf and\n"
        " * ions. D. Waasmaier & A. Kirfel, Acta Cryst. A51 (1995) 416-431, read from xraydb's copy of the DABAX file.",
        "WAASMAIER_KIRFEL",
        rows,
        "readonly number[]",
    )


def electrons():
    rows = []
    for symbol in SYMBOLS:
        coefficients = gemmi.Element(symbol).c4322
        if coefficients is None:
            continue
        flat = [np.float32(x) for x in coefficients.get_coefs()]
        if not any(flat):
            continue
        pairs = [x for i in range(5) for x in (flat[i], flat[5 + i])]
        rows.append((symbol, [number(x) for x in pairs]))
    write(
        "electron",
        " * Electron scattering factors of neutral atoms, f = Σ aᵢ exp(-bᵢ s²) in Å (first Born approximation, rest mass),\n"
        " * s = sinθ/λ < 2 1/Å: rows a1, b1, … a5, b5, b in Å². International Tables for Crystallography, vol. C (1999), table 4.3.2.2\n"
        " * (L.-M. Peng et al., Acta Cryst. A52 (1996) 257), read from gemmi's copy.",
        "ELECTRON_C_4_3_2_2",
        rows,
        "readonly number[]",
    )


def neutrons():
    source = pathlib.Path(next(iter(pmg_diffraction.__path__))) / "neutron_scattering_length.json"
    data = json.loads(source.read_text())
    rows = [(s, data[s]) for s in SYMBOLS if s in data]
    rows.insert(1, ("D", data["2H"]))
    body = "".join(f"  {s}: {number(b)},\n" for s, b in rows)
    (OUT / "neutron.table.ts").write_text(
        "/**\n * Bound coherent neutron scattering lengths, fm, of the natural elements and of deuterium (D). Signs are physical. Of the\n"
        " * complex lengths of B, Cd, Sm, Eu and Gd the real part for thermal neutrons stands here: absorption and its strong energy\n"
        " * dependence are not modelled. Elements without a measured length are absent.\n"
        " * V. F. Sears, Neutron News 3 (1992) no. 3, 26-37 (the NIST list), as pymatgen (MIT) carries it.\n *\n"
        " * Written by tools/scattering_tables.py.\n */\n"
        f"export const NEUTRON_LENGTHS_FM: Readonly<Record<string, number>> = {{\n{body}}};\n"
    )
    print("neutron", len(rows))


# Anomalous factors: the range kept, and the largest error (electrons) that linear interpolation in energy may leave.
LOWEST_EV, HIGHEST_EV, LARGEST_ERROR = 1500.0, 60000.0, 0.02


def thin(energy, columns, tolerance):
    """Indices kept by Douglas-Peucker: linear interpolation between them stays within `tolerance` at every source point."""
    keep = {0, len(energy) - 1}
    stack = [(0, len(energy) - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        inner = np.arange(first + 1, last)
        weight = (energy[inner] - energy[first]) / (energy[last] - energy[first])
        error = np.zeros(len(inner))
        for column in columns:
            line = column[first] + weight * (column[last] - column[first])
            error = np.maximum(error, np.abs(column[inner] - line))
        if error.max() > tolerance:
            middle = inner[error.argmax()]
            keep.add(int(middle))
            stack += [(first, middle), (middle, last)]
    return sorted(keep)


def anomalous():
    database = sqlite3.connect(pathlib.Path(xraydb.__file__).parent / "xraydb.sqlite")
    rows, points = [], 0
    for symbol, energy, f1, f2 in database.execute("select element, energy, f1, f2 from Chantler order by id"):
        e, a, b = (np.array(json.loads(x)) for x in (energy, f1, f2))
        low, high = np.searchsorted(e, LOWEST_EV, "right") - 1, np.searchsorted(e, HIGHEST_EV)
        e, a, b = e[low : high + 1], a[low : high + 1], b[low : high + 1]
        rounded = np.round(e).astype(int)
        keep = thin(e, (a, b), LARGEST_ERROR)
        keep = [i for n, i in enumerate(keep) if n == 0 or rounded[i] > rounded[keep[n - 1]]]
        points += len(keep)
        # energies as steps, factors in hundredths: short text, no precision lost that the tolerance keeps
        steps = np.diff([0, *(rounded[i] for i in keep)])
        real, imaginary = (np.round(np.array([c[i] for i in keep]) * 100).astype(int) for c in (a, b))
        rows.append((symbol, [json.dumps(" ".join(map(str, part))) for part in (steps, np.diff([0, *real]), np.diff([0, *imaginary]))]))
    body = "".join(f'  {key}: [{", ".join(values)}],\n' for key, values in rows)
    (OUT / "anomalous.table.ts").write_text(
        "/**\n * Anomalous X-ray scattering factors f', f'' (electrons) of H to U, 1.5 to 60 keV. Three strings of running differences per\n"
        " * element: energy in eV, f' in hundredths, f'' in hundredths; linear interpolation between the points stays within\n"
        f" * {LARGEST_ERROR} electrons (plus 0.005 of rounding) of every tabulated point between them.\n"
        " * C. T. Chantler, J. Phys. Chem. Ref. Data 24 (1995) 71 and 29 (2000) 597 (NIST FFAST), read from xraydb's copy; f' is f1 - Z\n"
        " * with the relativistic (3/5 Cromer-Liberman) and nuclear Thomson corrections added.\n *\n"
        " * Written by tools/scattering_tables.py.\n */\n"
        "export const FFAST: Readonly<Record<string, readonly [energyEv: string, fPrime: string, fDoublePrime: string]>> = {\n"
        f"{body}}};\n"
    )
    print("anomalous", len(rows), points, (OUT / "anomalous.table.ts").stat().st_size)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    four_gaussian()
    international_tables()
    waasmaier_kirfel()
    electrons()
    neutrons()
    anomalous()
