"""cctbx's compiled direct summation: reads "FROM TO", answers with CPU seconds.

Counted: the list of reflections to the d of 2θ = 90° and |F|² of each (International Tables C form factors, P1). Not counted:
making cctbx's structure objects, Lorentz-polarisation, merging, scaling. Less work than a pattern.
"""
import json
import math
import sys
import time

import libtbx.version
from cctbx import crystal, xray
from cctbx.array_family import flex

D_MIN = 1.54184 / (2 * math.sin(math.radians(45)))


def structure_of(row):
    (ax, ay, az), (bx, by, bz), (cx, cy, cz) = row["lattice"]
    lengths = [math.sqrt(x * x + y * y + z * z) for x, y, z in row["lattice"]]

    def angle(u, v):
        return math.degrees(math.acos(sum(p * q for p, q in zip(u, v)) / math.sqrt(sum(p * p for p in u) * sum(q * q for q in v))))

    a, b, c = row["lattice"]
    cell = (*lengths, angle(b, c), angle(a, c), angle(a, b))
    symmetry = crystal.symmetry(unit_cell=cell, space_group_symbol="P 1")
    scatterers = flex.xray_scatterer(
        xray.scatterer(label=f"{e}{i}", site=tuple(f), scattering_type=e, u=0.0)
        for i, (e, f) in enumerate(zip(row["species"], row["frac"]))
    )
    structure = xray.structure(crystal_symmetry=symmetry, scatterers=scatterers)
    structure.scattering_type_registry(table="it1992")
    return structure


with open(sys.argv[1]) as file:
    rows = json.load(file)
structures = [structure_of(row) for row in rows]


def pattern(structure):
    factors = structure.structure_factors(d_min=D_MIN, algorithm="direct", anomalous_flag=False)
    return flex.norm(factors.f_calc().data())


pattern(structures[0])
print("cctbx", libtbx.version.get_version(), flush=True)
for line in sys.stdin:
    first, last = map(int, line.split())
    start = time.process_time()
    for structure in structures[first:last]:
        pattern(structure)
    print(time.process_time() - start, flush=True)
