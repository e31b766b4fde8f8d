/** Space-group and site-symmetry symbols as they are printed for a setting: "Pbnm", "P2_1/n", "P112_1/b", "..m". */
import type { Mat3 } from "../../math/matrix3.ts";
import { crystalSystemOf } from "./space-group.ts";
import { type TabulatedSetting, settingsByNumber } from "./space-group-settings.ts";

/** Groups with a plane that glides along two axes at once: e since 1992 (International Tables A, section 1.3.4). */
const WITH_E = new Set([39, 41, 64, 67, 68]);

/**
 * The short Hermann-Mauguin symbol without spaces. Monoclinic symbols drop their 1s where the unique axis is b, and keep
 * them where it is not: "P112_1/b" is not "P2_1/b". Of two settings that e would give one name ("C m m a" and "C m m b",
 * which differ in their origins) the second keeps the older one.
 */
export function settingSymbol(setting: TabulatedSetting): string {
  const { number, hermannMauguin } = setting;
  const symbol = WITH_E.has(number) ? withE(setting) : hermannMauguin;
  const [centring, ...parts] = symbol.split(" ") as [string, ...string[]];
  const isUniqueB =
    crystalSystemOf(number) === "monoclinic" && parts[0] === "1" && parts[2] === "1";
  const kept = isUniqueB ? [parts[1]!] : parts;
  return centring + kept.map((part) => part.replace(/^(\d)(\d)/, "$1_$2")).join("");
}

function withE({ number, hermannMauguin }: TabulatedSetting): string {
  const first = settingsByNumber(number).find(
    (one) => doubled(one) === doubled({ hermannMauguin }),
  );
  return first!.hermannMauguin === hermannMauguin ? doubled({ hermannMauguin }) : hermannMauguin;
}

/** "C m c a" → "C m c e": the plane across the centred face. */
function doubled({ hermannMauguin }: Pick<TabulatedSetting, "hermannMauguin">): string {
  const [centring, ...planes] = hermannMauguin.split(" ") as [string, ...string[]];
  return [centring, ...planes.with("ABC".indexOf(centring), "e")].join(" ");
}

/**
 * A site symmetry symbol of one setting as it reads in another, `basisRows` being the axes of its own setting in those of the
 * other. Orthorhombic symbols name the three axes in turn, tetragonal ones c, a and the diagonal; elsewhere no tabulated
 * setting turns the directions that the symbol names.
 */
export function siteSymmetryInAxes(symbol: string, number: number, basisRows: Mat3): string {
  const system = crystalSystemOf(number);
  if (system === "orthorhombic") return threeAxes(symbol, basisRows);
  const [along, across] = basisRows[0].map(Math.abs) as [number, number];
  const isDiagonal = Math.min(along, across) > 0.1;
  return system === "tetragonal" && isDiagonal ? diagonalAxes(symbol) : symbol;
}

const ELEMENT = /\.|-?\d(?:\/m)?|m/g;

function threeAxes(symbol: string, basisRows: Mat3): string {
  const parts = symbol.match(ELEMENT)!;
  if (parts.length !== 3) return symbol;
  return [0, 1, 2].map((axis) => parts[basisRows.findIndex((row) => row[axis] !== 0)]!).join("");
}

/** "m.2m" → "m2m.", "-42m" → "-4m2". */
function diagonalAxes(symbol: string): string {
  const [main, ...others] = symbol.match(ELEMENT)!;
  if (others.length < 2) return symbol;
  if (others[0] === ".") return main + others.slice(1).join("") + (others.length > 1 ? "." : "");
  if (others.at(-1) === ".") return `${main}.${others.slice(0, -1).join("")}`;
  return main + others.toReversed().join("");
}
