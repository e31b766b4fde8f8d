/**
 * The types of the measured patterns of `experimental_dev`, as types of the library. Fixed with the library, before anything was
 * trained. RRUFF patterns carry the type in their label; minerals of the RockJock collection are mapped here by phase. Null:
 * not in the library, with the reason.
 */
/** Labels of CrySTINet's RRUFF patterns → key of a library type (or of one of its variants). */
export const RRUFF_LABELS: Readonly<Record<string, string>> = {
  "Rutile-TiO2": "AB2|tP6|136|a f",
  "Sodalite-frame": "AB3C3D4E12|cP46|218|a c d e i",
  "Garnet-Al2Ca3Si3O12": "A2B3C3D12|cI160|230|a c d h",
  "Calcite-CaCO3(hR10)": "ABC3|hR30|167|a b e#calcite",
  "Spinel-Al2MgO4": "AB2C4|cF56|227|a d e",
  "Scheelite-CaWO4": "ABC4|tI24|88|a b f",
  "Zircon-ZrSiO4": "ABC4|tI24|141|a b h",
  "Sphalerite-ZnS(cF8)": "AB|cF8|216|a c",
  NaCl: "AB|cF8|225|a b",
  "Wurtzite-ZnS(2H)": "AB|hP4|186|b b",
  "Nickeline-NiAs": "AB|hP4|194|a c",
  "Corundum-Al2O3": "A2B3|hR30|167|c e",
  "fcc(ccp)-Cu": "A|cF4|225|a",
};

export interface MeasuredMineral {
  /** Key of the library type; null where the library has none. */
  readonly key: string | null;
  /** Idealised formula, for tests with elements given; null where there is none. */
  readonly formula: string | null;
  readonly note?: string;
}

const CLAY = "layers stacked at random; no member among calculated structures";
const NOT_CRYSTALLINE = "not crystalline";
const FEW = "no library type: too few calculated compounds";

const none = (formula: string | null, note: string): MeasuredMineral => ({ key: null, formula, note });
const QUARTZ: MeasuredMineral = { key: "AB2|hP9|152|a c", formula: "SiO2" };
const HEMATITE: MeasuredMineral = { key: "A2B3|hR30|167|c e", formula: "Fe2O3" };
const DIOPSIDE = "ABC2D6|mC40|15|e e f 3f";

/** RockJock phases → library type. */
export const ROCKJOCK_PHASES: Readonly<Record<string, MeasuredMineral>> = {
  QUARTZ,
  CHERT_8_4_NMA2: { ...QUARTZ, note: "microcrystalline quartz" },
  CHERT_15_1_NM_A10: { ...QUARTZ, note: "microcrystalline quartz" },
  MG_CALCITE: { key: "ABC3|hR30|167|a b e#calcite", formula: "Ca9Mg(CO3)10" },
  SIDERITE: { key: "ABC3|hR30|167|a b e#calcite", formula: "FeCO3" },
  DOLOMITE: { key: "ABC2D6|hR30|148|a b c f#dolomite", formula: "CaMg(CO3)2" },
  ANKERITE: { key: "ABC2D6|hR30|148|a b c f#dolomite", formula: "Ca2MgFe(CO3)4" },
  MARCASITE: { key: "AB2|oP6|58|a g#marcasite", formula: "FeS2" },
  BARITE: { key: "ABC4|oP24|62|c c 2cd", formula: "BaSO4" },
  CELESTINE: { key: "ABC4|oP24|62|c c 2cd", formula: "SrSO4" },
  HEMATITE,
  HEMATITE_FINE: HEMATITE,
  SPINEL: { key: "AB2C4|cF56|227|a d e", formula: "MgAl2O4" },
  MAGHEMITE: { key: "AB2C4|cF56|227|a d e", formula: "Fe2O3", note: "spinel with vacancies" },
  FOSTERITE: { key: "AB2C4|oP28|62|c ac 2cd", formula: "Mg2SiO4" },
  ANATASE: { key: "AB2|tI12|141|a e#anatase", formula: "TiO2" },
  GROSSULAR_GARNET: { key: "A2B3C3D12|cI160|230|a c d h", formula: "Ca3Al2(SiO4)3" },
  FLUORITE: { key: "AB2|cF12|225|a c", formula: "CaF2" },
  ILMENITE: { key: "ABC3|hR30|148|c c f", formula: "FeTiO3" },
  BRUCITE: { key: "AB2|hP3|164|a d", formula: "Mg(OH)2" },
  CINNABAR: { key: "AB|hP6|152|a b", formula: "HgS" },
  SYLVITE: { key: "AB|cF8|225|a b", formula: "KCl" },
  GALENA: { key: "AB|cF8|225|a b", formula: "PbS" },
  ZINCITE: { key: "AB|hP4|186|b b", formula: "ZnO" },
  PYROXENE_DIOPSIDE: { key: DIOPSIDE, formula: "CaMgSi2O6" },
  AUGITE: { key: DIOPSIDE, formula: "Ca4Mg3FeSi8O24", note: "clinopyroxene" },
  HEDENBERGITE: { key: DIOPSIDE, formula: "CaFeSi2O6" },
  INTERMEDIATE_MICROCLINE: none("KAlSi3O8", FEW),
  ORTHOCLASE: none("KAlSi3O8", FEW),
  ALBITE_CLEAVELANDITE: none("NaAlSi3O8", FEW),
  OLIGOCLASE_NORWAY: none(null, FEW),
  LABRADORITE: none(null, FEW),
  ANORTHITE: none("CaAl2Si2O8", FEW),
  BUDDINGTONITE: none("NH4AlSi3O8", FEW),
  HALLOYSITE: none("Al2Si2O5(OH)4", CLAY),
  ORD_KAOLINITE: none("Al2Si2O5(OH)4", FEW),
  DICKITE: none("Al2Si2O5(OH)4", FEW),
  CA_MONTMORILLONITE: none(null, CLAY),
  HECTORITE: none(null, CLAY),
  ILLITE_1MD: none(null, CLAY),
  ILLITE_1M_30_PERCENT_EXP_R_GT_1: none(null, CLAY),
  ILLITE_2M1_SG4: none(null, CLAY),
  ILLITE_EP_10_66: none(null, CLAY),
  ILLITE_R0_35_PERCENT_I: none(null, CLAY),
  BIOTITE_1M: none(null, CLAY),
  PHLOGOPITE_2M1: none("KMg3AlSi3O10(OH)2", FEW),
  TALC: none("Mg3Si4O10(OH)2", FEW),
  CHLORITE_CCA_2: none(null, CLAY),
  CHLORITE_CO: none(null, CLAY),
  MG_CHLORITE_LUZENAC: none(null, CLAY),
  SEPIOLITE: none(null, CLAY),
  PALYGORSKITE: none(null, CLAY),
  BERTHIERINE: none(null, CLAY),
  RECTORITE_LOG_CREEK: none(null, CLAY),
  VERMICULITE: none(null, CLAY),
  GYPSUM: none("CaSO4(H2O)2", FEW),
  JAROSITE: none("KFe3(SO4)2(OH)6", FEW),
  JAROSITE_MEX: none("KFe3(SO4)2(OH)6", FEW),
  RAMSDELLITE: none("MnO2", FEW),
  SILLIMANITE: none("Al2SiO5", FEW),
  GIBBSITE: none("Al(OH)3", FEW),
  GRAPHITE: none("C", FEW),
  SULFUR: none("S", FEW),
  NATROLITE: none("Na2Al2Si3O10(H2O)2", FEW),
  BOEHMITE_CALC: none("AlOOH", FEW),
  ENSTATITE: none("MgSiO3", FEW),
  HYPERSTHENE: none("MgFeSi2O6", FEW),
  CORDIERITE: none("Mg2Al4Si5O18", FEW),
  PYRRHOTITE: none("Fe7S8", "a superstructure of nickeline with vacancies"),
  THENARDITE: none("Na2SO4", FEW),
  NATRITE: none("Na2CO3", FEW),
  PREHNITE: none("Ca2Al2Si3O10(OH)2", FEW),
  FERRIHYDRITE_HUMBUG_CREEK: none(null, NOT_CRYSTALLINE),
  OPAL: none("SiO2", NOT_CRYSTALLINE),
  Opal_C_TEX_821_254: none("SiO2", NOT_CRYSTALLINE),
  OPAL_264: none("SiO2", NOT_CRYSTALLINE),
  WHITE_R_TEPHRA: none(null, NOT_CRYSTALLINE),
  SAKS_TEPHRA: none(null, NOT_CRYSTALLINE),
  VOLCANIC_GLASS_HEKLA: none(null, NOT_CRYSTALLINE),
  CHARCOAL: none("C", NOT_CRYSTALLINE),
  KEROGEN_TYPE_II: none(null, NOT_CRYSTALLINE),
  FULVIC_ACID: none(null, NOT_CRYSTALLINE),
  ORGANIC_MATTER: none(null, NOT_CRYSTALLINE),
};
