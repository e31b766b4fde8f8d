/** Warnings as people read them. */
import { type Warning, describePosition } from "../errors.ts";

export function warningLines(warnings: readonly Warning[]): readonly string[] {
  return warnings.map(({ code, message, alternatives = [], ...at }) => {
    const position = describePosition(at);
    const meant = alternatives.length === 0 ? "" : `; ${alternatives.join(" or ")} meant?`;
    return `  warning: ${position === "" ? "" : `${position}: `}${message}${meant} [${code}]`;
  });
}
