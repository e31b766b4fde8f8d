/** Files that ship with the page, to click. */
const urls = import.meta.glob<string>("../../examples/*", {
  query: "?url",
  import: "default",
  eager: true,
});

export interface Example {
  /** In links: `#/example/quartz-scan`. */
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly note: string;
  readonly kind: "scan" | "structure";
}

export const EXAMPLES: readonly Example[] = [
  {
    id: "quartz-scan",
    file: "quartz-simulated.xy",
    title: "Quartz, powder scan",
    note: "simulated with counting noise, Cu Kα",
    kind: "scan",
  },
  {
    id: "lab6-scan",
    file: "lab6-simulated.xye",
    title: "LaB₆, powder scan",
    note: "a standard on an instrument out of adjustment",
    kind: "scan",
  },
  {
    id: "mixture-scan",
    file: "olivine-quartz-simulated.xy",
    title: "Two phases, powder scan",
    note: "olivine with a little quartz",
    kind: "scan",
  },
  { id: "quartz", file: "quartz.cif", title: "Quartz", note: "SiO₂, trigonal", kind: "structure" },
  {
    id: "rutile",
    file: "rutile.cif",
    title: "Rutile",
    note: "TiO₂, tetragonal",
    kind: "structure",
  },
  {
    id: "anatase",
    file: "anatase.cif",
    title: "Anatase",
    note: "TiO₂, tetragonal",
    kind: "structure",
  },
  {
    id: "calcite",
    file: "calcite.cif",
    title: "Calcite",
    note: "CaCO₃, rhombohedral",
    kind: "structure",
  },
  {
    id: "olivine",
    file: "olivine.cif",
    title: "Olivine",
    note: "mixed sites, orthorhombic",
    kind: "structure",
  },
  { id: "halite", file: "halite.cif", title: "Halite", note: "NaCl, cubic", kind: "structure" },
  {
    id: "perovskite",
    file: "perovskite.vasp",
    title: "Perovskite",
    note: "SrTiO₃, from a POSCAR",
    kind: "structure",
  },
];

export function isExample(id: string): boolean {
  return EXAMPLES.some((one) => one.id === id);
}

export async function exampleFile(example: Example): Promise<File> {
  const url = urls[`../../examples/${example.file}`]!;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the example could not be loaded (${response.status})`);
  return new File([await response.arrayBuffer()], example.file);
}
