/** `train`: networks from tables of one's own. A system's `make` does the work; here are the names of files. */
import { DEFAULT_FRACTIONS } from "../../data/splits.ts";
import { reciprocal } from "../../systems/reciprocal/system.ts";
import { structureType } from "../../systems/structure-type/system.ts";
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
    const training = { system: reciprocal.name, tables: table, out, threads };
    return trainModels(
      training,
      host,
      (run) => reciprocal.make(run, { ...options, fractions, ...tasks }),
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
    const training = { system: structureType.name, tables: table, out, threads };
    return trainModels(training, host, (run) => structureType.make(run, { ...options, ...text }));
  },
  text: scoresText,
};
