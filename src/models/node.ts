/** Models on disk: those of the package, of a folder, of the user. */
export {
  defaultModelsFolder,
  folderModels,
  modelsOverPackage,
  packageModels,
  userModels,
} from "./model-store.node.ts";
