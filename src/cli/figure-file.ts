/** A figure into the file that the user named, in the format its ending says. */
import { svgToPng } from "../report/png.node.ts";
import { writeOutput } from "./io.ts";
import { figureFormat } from "./figure-format.ts";

export async function writeFigure(path: string, svg: string): Promise<void> {
  const content = figureFormat(path) === "svg" ? svg : await svgToPng(svg);
  await writeOutput(path, content);
}
