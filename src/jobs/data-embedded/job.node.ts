/** `data embedded`: a table from nothing, to try things out on a fresh machine. */
import { loadSymmetry } from "../../crystal/symmetry/symmetry-engine.ts";
import { EMBEDDED_PROVENANCE, embeddedRows } from "../../data/embedded.ts";
import { saveStructureTable } from "../../data/files.node.ts";
import { embeddedMark, provenanceText } from "../data-text.ts";
import type { WholeJob } from "../job.ts";
import { DATA_EMBEDDED, type DATA_EMBEDDED_OPTIONS } from "./spec.ts";

interface EmbeddedRecord {
  readonly out: string;
  readonly rows: number;
}

export const dataEmbeddedJob: WholeJob<typeof DATA_EMBEDDED_OPTIONS, EmbeddedRecord> = {
  spec: DATA_EMBEDDED,
  async perform(_inputs, { out, ...options }) {
    await loadSymmetry();
    const provenance = [EMBEDDED_PROVENANCE];
    const rows = await saveStructureTable(out, embeddedRows(options), { provenance });
    return { out, rows };
  },
  text: ({ out, rows }) =>
    `${out}: ${rows} structures${embeddedMark([EMBEDDED_PROVENANCE])}\n${provenanceText(EMBEDDED_PROVENANCE)}`,
};
