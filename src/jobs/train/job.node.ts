/** `train`: networks from tables of one's own. A system's `make` does the work; here are the names of files. */
import { DEFAULT_FRACTIONS } from "../../data/splits.ts";
import { makeReciprocal } from "../../systems/reciprocal/make.ts";
import { SYSTEM_FOLDER } from "../../systems/reciprocal/predict.ts";
import { makeStructureType } from "../../systems/structure-type/make.ts";
import { STRUCTURE_TYPE_FOLDER } from "../../systems/structure-type/model-files.ts";
import type { WholeJob } from "../job.ts";
import {
  TRAIN_RECIPROCAL,
  type TRAIN_RECIPROCAL_OPTIONS,
  TRAIN_STRUCTURE_TYPE,
  type TRAIN_STRUCTURE_TYPE_OPTIONS,
} from "./spec.ts";
import { scoresText, type Trained, trainModels } from "./training.node.ts";

export const trainReciprocalJob: WholeJob<typeof TRAIN_RECIPROCAL_OPTIONS, Trained> = {
  spec: TRAIN_RECIPROCAL,
  async perform(_inputs, given, host) {
    const start = performance.now();
    const { table, out, threads, record, task, fractions = DEFAULT_FRACTIONS, ...options } = given;
    const tasks = task === undefined ? {} : { tasks: [...new Set(task)] };
    const training = { system: SYSTEM_FOLDER, tables: table, out, threads };
    return trainModels(
      training,
      host,
      (run) => makeReciprocal(run, { ...options, fractions, ...tasks }),
      async ({ data, models }) => {
        if (record === undefined) return;
        const wallSeconds = Math.round((performance.now() - start) / 1000);
        await host.recordTraining(record, {
          run: { ...options, fractions, table, threads, task },
          data,
          models,
          wallSeconds,
        });
      },
    );
  },
  text: scoresText,
};

export const trainStructureTypeJob: WholeJob<typeof TRAIN_STRUCTURE_TYPE_OPTIONS, Trained> = {
  spec: TRAIN_STRUCTURE_TYPE,
  async perform(_inputs, { table, out, threads, library, ...options }, host) {
    const text =
      library === undefined
        ? {}
        : { libraryText: new TextDecoder().decode(await host.readFile(library)) };
    const training = { system: STRUCTURE_TYPE_FOLDER, tables: table, out, threads };
    return trainModels(training, host, (run) => makeStructureType(run, { ...options, ...text }));
  },
  text: scoresText,
};
