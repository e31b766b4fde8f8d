/** Structure → metal, stiffness, stability, crystal system, as one of the systems. */
import type { Structure } from "../../crystal/structure.ts";
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import type { System, SystemPredictor, Task } from "../system.ts";
import { makeReciprocal, type ReciprocalMakeOptions } from "./make.ts";
import { loadReciprocal, SYSTEM_FOLDER } from "./predict.ts";
import { PROPERTY_TASKS, SYSTEM_CLASSES, TASK_NAMES, type TaskName } from "./task.ts";

function taskOf(name: TaskName): Task {
  if (name === "system")
    return { name, title: "crystal system", kind: "class", labels: SYSTEM_CLASSES };
  const { title, labels } = PROPERTY_TASKS[name];
  return { name, title, kind: "class", labels };
}

export const reciprocal: System<Structure, ReciprocalMakeOptions> = {
  name: SYSTEM_FOLDER,
  takes: ["structure"],
  tasks: TASK_NAMES.map(taskOf),
  async load(read, runtime): Promise<SystemPredictor<Structure>> {
    await loadSymmetry();
    const { tasks, predict, release } = await loadReciprocal(runtime, read);
    return { tasks: tasks.map(taskOf), predict: (structures) => predict(structures), release };
  },
  make: makeReciprocal,
};
