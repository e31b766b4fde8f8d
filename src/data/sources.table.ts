/**
 * Licences and citations of public structure collections, by the name in a table's `source` column: facts
 * as the collections state them (November 2026).
 */
export const KNOWN_SOURCES: readonly {
  readonly pattern: RegExp;
  readonly licence: string | null;
  readonly citations: readonly string[];
  readonly note?: string;
}[] = [
  {
    pattern: /^materials_project/,
    licence: "CC-BY-4.0",
    citations: ["A. Jain et al., APL Mater. 1, 011002 (2013), doi:10.1063/1.4812323"],
  },
  {
    pattern: /^aflow_ael_agl/,
    licence: null,
    citations: ["C. Toher et al., Phys. Rev. Mater. 1, 015401 (2017), doi:10.1103/PhysRevMaterials.1.015401"],
    note: "AFLOW asks for citation; it states no licence for the AEL/AGL set.",
  },
  {
    pattern: /^perov_?5/,
    licence: null,
    citations: [
      "I. Castelli et al., Energy Environ. Sci. 5, 5814 (2012), doi:10.1039/c1ee02717d",
      "I. Castelli et al., Energy Environ. Sci. 5, 9034 (2012), doi:10.1039/c2ee22341d",
    ],
  },
  {
    pattern: /^aflow_prototypes/,
    licence: "BSD-3-Clause-LBNL",
    citations: ["M. Mehl et al., Comput. Mater. Sci. 136, S1 (2017), doi:10.1016/j.commatsci.2017.01.017"],
  },
  {
    pattern: /^(cod|crystallography_open_database)/i,
    licence: "CC0-1.0",
    citations: ["S. Gražulis et al., Nucleic Acids Res. 40, D420 (2012), doi:10.1093/nar/gkr900"],
  },
];
