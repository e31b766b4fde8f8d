/** Words beside a space-group symbol: its setting, and the way to the standard one. */
import type { SpaceGroupRecord } from "../crystal/symmetry/space-group-record.ts";

const CHOICES: Readonly<Record<string, string>> = {
  "1": "origin choice 1",
  "2": "origin choice 2",
  R: "rhombohedral axes",
};

const OTHER_CELLS = {
  primitive: "a primitive cell in no tabulated setting",
  supercell: "a supercell in no tabulated setting",
  "other-axes": "axes in no tabulated setting",
} as const;

const AS_IT_IS = "a,b,c";
const NO_SHIFT = "0,0,0";

/**
 * "standard setting Pnma: a,b,c → b,c,a", "origin choice 2"; empty where the cell is in the standard setting and there is but one.
 * @param print how a symbol is set
 */
export function settingWords(
  group: SpaceGroupRecord,
  print: (symbol: string) => string = (symbol) => symbol,
): string {
  const { setting, standard } = group;
  if (setting === null) {
    return `${otherCellWords(group)}: symbol, Wyckoff letters and site symmetries are those of the ${standardWords(group, print)}`;
  }
  const words = [CHOICES[setting.choice]];
  const [axes] = standard.transformation.split(";");
  if (axes !== AS_IT_IS || standard.symbol !== group.symbol)
    words.push(standardWords(group, print));
  else if (!standard.transformation.endsWith(NO_SHIFT))
    words.push(`origin of the tables at ${originOf(group)} of this cell`);
  return words.filter((word) => word !== undefined).join(", ");
}

/** "a primitive cell in no tabulated setting" */
export function otherCellWords({ otherCell }: SpaceGroupRecord): string {
  return OTHER_CELLS[otherCell!];
}

function standardWords(group: SpaceGroupRecord, print: (symbol: string) => string): string {
  const { symbol, choice, transformation } = group.standard;
  const [axes, origin] = transformation.split(";");
  const named = choice === "" || choice === "H" ? "" : ` (${CHOICES[choice]})`;
  const shift = origin === NO_SHIFT ? "" : `, its origin at ${originOf(group)} of this cell`;
  return `standard setting ${print(symbol)}${named}: ${AS_IT_IS} → ${axes}${shift}`;
}

function originOf({ standard }: SpaceGroupRecord): string {
  return standard.transformation.split(";")[1]!;
}
