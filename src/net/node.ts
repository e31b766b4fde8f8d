/** What training needs of Node: a folder for checkpoints, threads that make batches. */
export { workerBatches, type WorkerBatches } from "./batches.node.ts";
export { folderStore } from "./store.node.ts";
