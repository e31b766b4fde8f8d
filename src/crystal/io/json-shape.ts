/** What the JSON formats of structures share: shapes, and the errors that say which field is not as it must be. */
import { z } from "zod";
import { EwaldError } from "../../errors.ts";
import { isElement } from "../element.ts";

export const JSON_VECTOR = z.tuple([z.number(), z.number(), z.number()]);
export const JSON_MATRIX = z.tuple([JSON_VECTOR, JSON_VECTOR, JSON_VECTOR]);

/** @throws EwaldError `json/shape` with the path of the field */
export function shaped<T>(schema: z.ZodType<T>, value: unknown, path: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const field = [path, ...issue.path.map(String)].filter((part) => part !== "").join(".");
  throw new EwaldError("json/shape", `${field}: ${issue.message}`, { value: field });
}

/** @throws EwaldError `json/unknown-element` */
export function checkedElement(symbol: string, path: string): string {
  if (isElement(symbol)) return symbol;
  throw new EwaldError("json/unknown-element", `${path}: "${symbol}" is not a chemical element`, {
    value: symbol,
  });
}
