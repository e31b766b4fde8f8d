/** Every operator, by the file that holds it. */
export * from "./arrange.ts";
export * from "./conv.ts";
export * from "./core.ts";
export * from "./elementwise.ts";
export * from "./matmul.ts";
export * from "./pool.ts";
export * from "./reduce.ts";
