"""Golden intensities of reciprocal points by pymatgen's tables: what item 35 of `ewald reproduce deepknet` is held against.

    python tools/deepknet_points.py ../shared/data/mp_labelled.parquet     (pymatgen 2025 or later; writes pymatgen-points.table.ts)

Four structures of each crystal system, drawn with a seed, cells as stored. For hkl within ±1, one of each Friedel pair, the
origin first: I = |F|² / V² of Y. Wang et al. (2022), appendix A, X-rays and neutrons; the origin is (electrons / V)² and (lengths / V)².
Written here in numpy with pymatgen's structures and coefficients. Every structure is also held against pymatgen's own XRDCalculator:
the sums over a peak, with its Lorentz-polarisation factor, must be the peaks of its unscaled pattern.
"""
import collections
import itertools
import math
import pathlib
import random
import sys

import numpy as np
import pyarrow.parquet as pq
from pymatgen.analysis.diffraction import neutron, xrd
from pymatgen.core import Lattice, Structure

PER_SYSTEM, SEED = 4, 20261130
WAVELENGTH = 1.54184
OUT = pathlib.Path(__file__).parent.parent / "src/reproduce/deepknet/pymatgen-points.table.ts"


def half(most):
    """hkl within ±most, one of each Friedel pair, the origin first; h slowest."""
    every = itertools.product(range(-most, most + 1), repeat=3)
    return [(0, 0, 0)] + [hkl for hkl in every if hkl > (0, 0, 0)]


def intensities(structure, hkls, radiation):
    volume = structure.volume
    z = np.array([site.specie.Z for site in structure])
    symbols = [site.specie.symbol for site in structure]
    coefficients = np.array([xrd.ATOMIC_SCATTERING_PARAMS[s] for s in symbols])
    lengths = np.array([neutron.ATOMIC_SCATTERING_LEN[s] for s in symbols])
    reciprocal = structure.lattice.reciprocal_lattice_crystallographic.matrix
    values = []
    for hkl in hkls:
        s2 = float(np.sum((np.array(hkl) @ reciprocal) ** 2)) / 4
        gaussians = np.sum(coefficients[:, :, 0] * np.exp(-coefficients[:, :, 1] * s2), axis=1)
        f = z - 41.78214 * s2 * gaussians if radiation == "xray" else lengths
        amplitude = np.sum(f * np.exp(2j * math.pi * (structure.frac_coords @ np.array(hkl))))
        values.append(float(abs(amplitude) ** 2 / volume**2))
    return values


def agrees_with_pymatgen(structure):
    """The same sums, made into peaks, are those of pymatgen's calculator."""
    pattern = xrd.XRDCalculator(WAVELENGTH).get_pattern(structure, scaled=False, two_theta_range=(0, 60))
    reach = 2 * math.sin(math.radians(30)) / WAVELENGTH
    most = [math.ceil(reach * length) for length in structure.lattice.abc]
    hkls = [h for h in itertools.product(*(range(-m, m + 1) for m in most)) if h != (0, 0, 0)]
    g = np.linalg.norm(np.array(hkls) @ structure.lattice.reciprocal_lattice_crystallographic.matrix, axis=1)
    hkls, g = [h for h, x in zip(hkls, g) if x <= reach], g[g <= reach]
    theta = np.arcsin(g * WAVELENGTH / 2)
    factor = (1 + np.cos(2 * theta) ** 2) / (np.sin(theta) ** 2 * np.cos(theta))
    each = np.array(intensities(structure, hkls, "xray")) * structure.volume**2 * factor
    total = float(np.sum(each))
    return abs(total / float(np.sum(pattern.y)) - 1)


def main(path):
    table = pq.read_table(path, columns=["material_id", "formula", "lattice", "species", "frac_coords", "crystal_system"])
    rows = collections.defaultdict(list)
    for i, system in enumerate(table["crystal_system"].to_pylist()):
        rows[system].append(i)
    rng = random.Random(SEED)
    lines = []
    for system in sorted(rows):
        taken = 0
        while taken < PER_SYSTEM:
            i = rng.choice(rows[system])
            row = {column: table[column][i].as_py() for column in table.column_names}
            if any(s not in neutron.ATOMIC_SCATTERING_LEN for s in row["species"]):
                continue
            taken += 1
            # stored in single precision: seven digits, as the table reader of Ewald takes them
            cell = [float(f"{x:.7g}") for x in row["lattice"]]
            coords = np.array([float(f"{x:.7g}") for x in row["frac_coords"]]).reshape(-1, 3)
            structure = Structure(Lattice.from_parameters(*cell), row["species"], coords)
            difference = agrees_with_pymatgen(structure)
            assert difference < 1e-3, (row["material_id"], difference)
            both = []
            for radiation in ("xray", "neutron"):
                values = intensities(structure, half(1), radiation)
                both.append("[" + ", ".join(f"{v:.6g}" for v in values) + "]")
            lines.append(f'  "{row["material_id"]}": {{ formula: "{row["formula"]}", xray: {both[0]}, neutron: {both[1]} }},')
    head = [
        "/**",
        " * I = |F|² / V² of the reciprocal points within ±1 (one of each Friedel pair, the origin first, h slowest) by pymatgen's tables,",
        " * structures of `mp_labelled.parquet`: (electrons/Å³)² and (fm/Å³)². Made by `tools/deepknet_points.py`.",
        " */",
        "export const PYMATGEN_POINTS: Readonly<Record<string, { readonly formula: string; readonly xray: readonly number[]; readonly neutron: readonly number[] }>> = {",
    ]
    OUT.write_text("\n".join(head + lines + ["};", ""]), encoding="utf8")
    print(len(lines), OUT.stat().st_size)


if __name__ == "__main__":
    main(sys.argv[1])
