/**
 * The types that the library holds whatever the counts say, and the table of which keys are one type. Minerals are those of which measured
 * patterns exist and calculated members too; the rest of the library goes by number of formulas (`library-build.ts`).
 */

/**
 * Keys that are one type in a powder pattern: the same arrangement, its sites told apart by more elements (ordering
 * variants), or mirror images.
 */
export const ONE_TYPE: readonly (readonly string[])[] = [
  ["A2B3C3D12|cI160|230|a c d h", "A3B5C12|cI160|230|c ad h"], // garnet, with two metals on three sites
  ["AB2C4|cF56|227|a d e", "A3B4|cF56|227|ad e"], // spinel, magnetite
  ["AB2C4|oP28|62|c ac 2cd", "ABCD4|oP28|62|a c c 2cd"], // olivine, triphylite
  ["AB2|hP9|152|a c", "AB2|hP9|154|a c"], // quartz, left and right
  ["AB|hP6|152|a b", "AB|hP6|154|a b"], // cinnabar, left and right
  ["AB2|hP3|164|a d", "AB2C2|hP5|164|a d d#brucite"], // CdI2 and brucite: the same lattice, hydrogen on top
  ["ABC3|oP20|62|a c cd", "ABC2D6|mP20|14|a b e 3e"], // perovskite GdFeO3 and its rock salt ordered variant
  ["AB2|cF24|227|a d", "ABC4|cF24|216|a c e"], // Laves C15 and AuBe5, its ordered variant
  ["ABC2|tI16|122|a b d", "ABC2D4|tI16|121|a b d i"], // chalcopyrite, stannite
  ["AB12|tI26|139|a fij", "AB4C8|tI26|139|a f ij"], // ThMn12 with one and two kinds of partners
  ["A6B23|cF116|225|e ad2f", "A6B7C16|cF116|225|e ad 2f"], // Th6Mn23 and Mg6Cu16Si7, likewise
  ["AB2|cF12|225|a c", "ABC|cF12|216|a b c"], // fluorite and half-Heusler: their average patterns have a cosine of 0.99
];

/**
 * Keys under which a mineral and something quite different stand: members that bear the prototype's name are a type of
 * their own, `key#name`.
 */
export const DISCRIMINATED: Readonly<Record<string, string>> = {
  "ABC2D6|hR30|148|a b c f": "dolomite",
};

/** Always in the library, by key. */
export const ALWAYS: readonly string[] = [
  "AB|cF8|225|a b", // rock salt
  "AB2|tP6|136|a f", // rutile
  "AB2|tI12|141|a e#anatase",
  "AB2|cF12|225|a c", // fluorite
  "AB2|hP9|152|a c", // quartz
  "A2B3C3D12|cI160|230|a c d h", // garnet
  "ABC3|hR30|167|a b e#calcite",
  "AB|cF8|216|a c", // sphalerite
  "ABC4|tI24|141|a b h", // zircon
  "AB2C4|cF56|227|a d e", // spinel
  "ABC4|tI24|88|a b f", // scheelite
  "AB|hP4|186|b b", // wurtzite
  "A|cF4|225|a", // copper
  "AB|hP4|194|a c", // nickeline
  "A2B3|hR30|167|c e", // corundum
  "A2B2C7|cF88|227|c d af", // pyrochlore
  "AB2|cP12|205|a c#pyrite",
  "ABC4|oP24|62|c c 2cd", // barite
  "AB2|hP3|164|a d", // brucite with CdI2
  "AB2C4|oP28|62|c ac 2cd", // olivine
  "ABC3|cP5|221|a b c", // perovskite, cubic
  "ABC3|oP20|62|a c cd", // perovskite, orthorhombic
  "ABC3|hR30|167|a b e#laalo3", // perovskite, rhombohedral
  "AB3C3D4E12|cP46|218|a c d e i", // sodalite
  "AB2|oP6|58|a g#marcasite",
  "ABC2D6|hR30|148|a b c f#dolomite",
  "ABC3|hR30|148|c c f", // ilmenite
  "ABC2D6|mC40|15|e e f 3f", // diopside
  "ABC3|oP20|62|c c cd", // aragonite
  "A|cF8|227|a", // diamond
  "AB|hP6|152|a b", // cinnabar
];
