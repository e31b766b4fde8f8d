/** The one worker of the page. */
import { WorkerClient } from "../worker/client.ts";

export const ewald = new WorkerClient(
  () => new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module" }),
);

/** Address of the folder of trained models. */
export const MODELS = new URL("models/", document.baseURI).href;
