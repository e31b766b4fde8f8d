"""pymatgen's XRDCalculator on the structures of a bench: reads "FROM TO", answers with CPU seconds. Cu Kα, 2θ 5 to 90°."""
import json
import sys
import time

import pymatgen.core
from pymatgen.analysis.diffraction.xrd import XRDCalculator
from pymatgen.core import Lattice, Structure

with open(sys.argv[1]) as file:
    rows = json.load(file)
structures = [Structure(Lattice(r["lattice"]), r["species"], r["frac"]) for r in rows]
calculator = XRDCalculator("CuKa")
calculator.get_pattern(structures[0], two_theta_range=(5, 90))
print("pymatgen", getattr(pymatgen.core, "__version__", "?"), flush=True)
for line in sys.stdin:
    first, last = map(int, line.split())
    start = time.process_time()
    for structure in structures[first:last]:
        calculator.get_pattern(structure, two_theta_range=(5, 90))
    print(time.process_time() - start, flush=True)
