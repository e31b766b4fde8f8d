export * from "./matrix3.ts";
