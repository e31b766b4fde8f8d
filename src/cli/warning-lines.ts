/** Warnings as people read them. */
import { type Warning, describePosition } from "../errors.ts";

export function warningLines(warnings: readonly Warning[]): readonly string[] {
  return warnings.map(({ code, message, ...at }) => {
    const position = describePosition(at);
    return `  warning: ${position === "" ? "" : `${position}: `}${message} [${code}]`;
  });
}
