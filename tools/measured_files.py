"""Writes test/measured: measured files that may be passed on, out of the data pack.

    python tools/measured_files.py ../shared/data     (pymatgen 2025 or later, pyarrow)

One scan of NIST, two of the USGS RockJock library (works of the US Government), and two structures of the Crystallography Open
Database (CC0), by another program's CIF writer. Sources and terms: test/measured/NOTICE.md, and the head of each file.
"""
import json
import math
import pathlib
import sys

import pyarrow.parquet as pq
from pymatgen.core import Lattice, Structure
from pymatgen.io.cif import CifWriter

OUT = pathlib.Path(__file__).parent.parent / "test/measured"
COPPER = ["anode: Cu", "K-Alpha1 wavelength: 1.54056", "K-Alpha2 wavelength: 1.54439", "ratio K-Alpha2/K-Alpha1: 0.5"]
USGS = "USGS RockJock library of measured patterns (D. D. Eberl, US Geological Survey Open-File Report 03-78, 2003)"
SCANS = [
    ("nist/SRM660c_100a", "lab6-srm660c.xye", "LaB6, NIST SRM 660c", "NIST data repository mds2-2315; divergent-beam diffractometer, graphite monochromator behind the sample, radius 217.5 mm; 24 ranges one after the other"),
    ("powdr_rockjock/FLUORITE", "fluorite.xy", "fluorite", USGS),
    ("powdr_rockjock_mixtures/Mix6", "clay-mixture.xy", "weighed mixture, %: quartz 36, corundum 20, dioctahedral smectite 20, plagioclase 12, kaolinite 8, illite 4", USGS),
]
STRUCTURES = [("cod-1000032", "corundum-cod.cif"), ("cod-9002044", "spinel-cod.cif")]


def scans(folder):
    rows = {}
    for name in ("experimental_dev", "experimental_dev2"):
        for row in pq.read_table(folder / f"{name}.parquet").to_pylist():
            rows[row["pattern_id"]] = row
    for identity, name, sample, source in SCANS:
        row = rows[identity]
        head = [f"sample: {sample} (measured)", f"source: {source}", "licence: work of the US Government, public domain in the United States", *COPPER]
        points = list(zip(row["two_theta"], row["intensity"]))
        weights = json.loads(row["meta"]).get("weight")
        if weights is None:
            lines = [f"{x:.2f} {y:g}" for x, y in points]
            head.append("2theta counts")
        else:
            lines = [f"{x:.3f} {y:g} {1 / math.sqrt(w):.3f}" for (x, y), w in zip(points, weights)]
            head.append("2theta intensity uncertainty")
        (OUT / name).write_text("".join(f"# {h}\n" for h in head) + "\n".join(lines) + "\n", encoding="utf8")


def structures(folder):
    rows = {row["entry_id"]: row for row in pq.read_table(folder / "experimental_structures.parquet").to_pylist()}
    for identity, name in STRUCTURES:
        row = rows[identity]
        species, coords = {}, {}
        occupancies = row["occupancies"] or [1] * len(row["species"])
        for i, (element, occupancy, site) in enumerate(zip(row["species"], occupancies, row["site_index"])):
            species.setdefault(site, {})[element] = round(occupancy, 4)
            coords[site] = row["frac_coords"][3 * i : 3 * i + 3]
        order = sorted(species)
        structure = Structure(Lattice.from_parameters(*row["lattice"]), [species[s] for s in order], [coords[s] for s in order])
        text = str(CifWriter(structure, symprec=0.01, significant_figures=6))
        head = [
            f"{row['mineral']}, entry {row['cod_id']} of the Crystallography Open Database (CC0)",
            f"{' '.join(row['reference'].split())} ({row['year']})",
            "Cell and sites as standardised in the table that it was taken from; written by pymatgen.",
        ]
        body = text.split("\n")
        at = next(i for i, line in enumerate(body) if line.startswith("data_"))
        body.insert(at + 1, f"_cod_database_code   {row['cod_id']}")
        (OUT / name).write_text("".join(f"# {h}\n" for h in head) + "\n".join(body), encoding="utf8")


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    scans(pathlib.Path(sys.argv[1]))
    structures(pathlib.Path(sys.argv[1]))
