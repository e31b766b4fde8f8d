/** Where each element stands in the periodic table: 18 columns, the f-block below. */
const ROWS = [
  "H . . . . . . . . . . . . . . . . He",
  "Li Be . . . . . . . . . . B C N O F Ne",
  "Na Mg . . . . . . . . . . Al Si P S Cl Ar",
  "K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr",
  "Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe",
  "Cs Ba La Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn",
  "Fr Ra Ac",
  ". . . Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu",
  ". . . Th Pa U Np Pu Am Cm Bk Cf",
];

export interface TablePlace {
  readonly symbol: string;
  /** From 1. */
  readonly column: number;
  readonly row: number;
}

export const LAYOUT: readonly TablePlace[] = ROWS.flatMap((line, row) =>
  line
    .split(" ")
    .flatMap((symbol, column) =>
      symbol === "." ? [] : [{ symbol, column: column + 1, row: row + 1 }],
    ),
);
