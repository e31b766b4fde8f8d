/** Parts that the JSON formats of structures share: vectors, and the errors that say which field is not as it must be. */
import * as z from "zod/mini";
import { EwaldError } from "../../errors.ts";
import { checkedShape } from "../../formats/json-shape.ts";
import { isElement } from "../element.ts";

export const JSON_VECTOR = z.tuple([z.number(), z.number(), z.number()]);
export const JSON_MATRIX = z.tuple([JSON_VECTOR, JSON_VECTOR, JSON_VECTOR]);

/** @throws EwaldError `json/shape` with the path of the field */
export function shaped<T>(schema: z.ZodMiniType<T>, value: unknown, path: string): T {
  return checkedShape(schema, value, { code: "json/shape", path });
}

/** @throws EwaldError `json/unknown-element` */
export function checkedElement(symbol: string, path: string): string {
  if (isElement(symbol)) return symbol;
  throw new EwaldError("json/unknown-element", `${path}: "${symbol}" is not a chemical element`, {
    value: symbol,
  });
}
