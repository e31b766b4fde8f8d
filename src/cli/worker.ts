/** The worker thread of a batch: tinypool calls `runTask` here by name. */
export { runTask } from "./tasks.ts";
