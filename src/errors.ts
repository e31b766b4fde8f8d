/**
 * The one error type that Ewald throws on purpose. Layers throw it with everything a person needs to
 * act: what was wrong, the offending value and its unit, where it stood, and the way out. Only the
 * outermost edge (command line, server, page) turns it into an exit code, a status or a red box.
 */

import type { ErrorCode } from "./error-codes.table.ts";

/** Where in an input something stood. Lines and columns count from 1, bytes from 0. */
export interface Position {
  /** File name or other name of the input, where known. */
  readonly source?: string;
  readonly line?: number;
  readonly column?: number;
  readonly byte?: number;
}

/** The facts of an error beside its message: value, unit, position, way out. */
export interface ErrorDetails extends Position {
  /** The offending value, as read. */
  readonly value?: unknown;
  /** Unit of `value`. */
  readonly unit?: string;
  /** The way out, as an imperative sentence: "Give the wavelength with --wavelength CuKa". */
  readonly hint?: string;
  /** Inputs that may have been meant, each as it would be given instead of the whole input. */
  readonly alternatives?: readonly string[];
  readonly cause?: unknown;
}

/**
 * A problem with an input or a call. `code` is stable and made of the area and the problem, in kebab
 * case: `cif/unterminated-text-field`, `radiation/unknown-anode`. The message already names value
 * and unit; position and hint are added by {@link describeError}.
 */
export class EwaldError extends Error {
  override readonly name = "EwaldError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    // A test finds every code that the sources give, and the list holds each.
    this.code = code as ErrorCode;
    this.details = details;
  }
}

/** Something odd that was understood with certainty and went on: a warning record, never printed by the core. */
export interface Warning extends Position {
  readonly code: string;
  readonly message: string;
  /** Other inputs that may have been meant, each as it would be given instead of the whole input. */
  readonly alternatives?: readonly string[];
}

/** "quartz.cif:12:5", "byte 1024", or "" when nothing is known. */
export function describePosition(at: Position): string {
  const place = [at.source, at.line, at.line === undefined ? undefined : at.column]
    .filter((part) => part !== undefined)
    .join(":");
  if (at.byte === undefined)
    return at.source === undefined && place !== "" ? `line ${place}` : place;
  return place === "" ? `byte ${at.byte}` : `${place} (byte ${at.byte})`;
}

/**
 * One readable line: position, message, code, way out. Unknown throws are described as they are.
 * @example
 * ```js
 * import { describeError, readStructures } from "ewald";
 *
 * try {
 *   readStructures("", { name: "empty.cif" });
 * } catch (error) {
 *   console.log(describeError(error)); // empty.cif:1: the input is empty [read/empty]
 * }
 * ```
 */
export function describeError(error: unknown): string {
  if (!(error instanceof EwaldError)) return error instanceof Error ? error.message : String(error);
  const position = describePosition(error.details);
  const hint = error.details.hint === undefined ? "" : ` ${error.details.hint}`;
  return `${position === "" ? "" : `${position}: `}${error.message} [${error.code}]${hint}`;
}

/** The same error with the name of its input added, for callers that know what the parser did not. */
export function withSource(error: unknown, source: string): unknown {
  if (!(error instanceof EwaldError) || error.details.source !== undefined) return error;
  const named = new EwaldError(error.code, error.message, { ...error.details, source });
  if (error.stack !== undefined) named.stack = error.stack;
  return named;
}
