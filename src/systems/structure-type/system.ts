/** Scan → structure type, as one of the systems. */
import type { Scan } from "../../scan/scan.ts";
import type { System, SystemPredictor } from "../system.ts";
import { makeStructureType, type StructureTypeMakeOptions } from "./make.ts";
import { loadExtendedModel, STRUCTURE_TYPE_FOLDER } from "./model-files.ts";
import type { IdentifyOptions } from "./predict.ts";
import { labelsOf, STRUCTURE_TYPE } from "./task.ts";

/** A scan, and what is known of the elements in it. */
export interface ScanAndElements extends Pick<IdentifyOptions, "composition" | "constraints"> {
  readonly scan: Scan;
}

export const structureType: System<ScanAndElements, StructureTypeMakeOptions> = {
  name: STRUCTURE_TYPE_FOLDER,
  takes: ["scan"],
  tasks: [{ ...STRUCTURE_TYPE, kind: "class" }],
  async load(read, runtime): Promise<SystemPredictor<ScanAndElements>> {
    const model = await loadExtendedModel(runtime, read);
    const labels = labelsOf(model.library.types);
    return {
      tasks: [{ ...STRUCTURE_TYPE, kind: "class", labels }],
      async predict(inputs) {
        const answers = [];
        for (const { scan, ...elements } of inputs)
          answers.push([await model.predict(scan, elements)]);
        return answers;
      },
      release: () => model.release(),
    };
  },
  make: makeStructureType,
};
