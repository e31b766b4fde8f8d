/** The worker thread of a batch: tinypool calls these by name. */
export { runJobTask } from "./job-runs.ts";
