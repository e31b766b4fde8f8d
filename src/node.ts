/**
 * Functions that need Node: models of the package or of a folder, tables on disk, checkpoints, threads.
 * @module ewald/node
 */
export { openStructureTable, saveStructureTable } from "./data/files.node.ts";
export { folderModels, packageModels, userModels } from "./models/model-store.node.ts";
export { type WorkerBatches, workerBatches } from "./net/batches.node.ts";
export { folderStore } from "./net/store.node.ts";
