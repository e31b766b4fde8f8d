/** All readers in the order in which they are asked. The first that recognises a file reads it. */
import type { Warning } from "../../errors.ts";
import { looksLikeJson } from "../../formats/instrument-text.ts";
import { openZip } from "../../formats/zip.ts";
import { readBrml, recognisesBrml } from "./brml.ts";
import {
  readRaw1,
  readRaw2,
  readRaw3,
  recognisesRaw1,
  recognisesRaw2,
  recognisesRaw3,
} from "./bruker-raw.ts";
import { readRaw4, recognisesRaw4 } from "./bruker-raw4.ts";
import { readColumns, recognisesColumns } from "./columns/columns.ts";
import type { Draft } from "./draft.ts";
import { readGsas, recognisesGsas } from "./gsas.ts";
import { readIll, recognisesIll } from "./ill.ts";
import { readJson } from "./json.ts";
import { refuseZip } from "./not-a-scan.ts";
import { readPdCif, recognisesCif } from "./pdcif.ts";
import { readCpi, readRd, readUdf, recognisesCpi, recognisesRd, recognisesUdf } from "./philips.ts";
import {
  readAsc,
  readRas,
  readRasx,
  recognisesAsc,
  recognisesRas,
  recognisesRasx,
} from "./rigaku.ts";
import { readUxd, recognisesUxd } from "./uxd.ts";
import { readXrdml, recognisesXrdml } from "./xrdml.ts";

interface Reader<Input> {
  readonly recognises: (input: Input) => boolean;
  readonly read: (input: Input, warnings: Warning[]) => Draft;
}

export const BINARY_READERS: readonly Reader<Uint8Array>[] = [
  { recognises: recognisesRaw4, read: readRaw4 },
  { recognises: recognisesRaw3, read: readRaw3 },
  { recognises: recognisesRaw2, read: readRaw2 },
  { recognises: recognisesRaw1, read: readRaw1 },
  { recognises: recognisesRd, read: readRd },
];

export const TEXT_READERS: readonly Reader<string>[] = [
  { recognises: recognisesXrdml, read: readXrdml },
  { recognises: recognisesUxd, read: readUxd },
  { recognises: recognisesRas, read: readRas },
  { recognises: recognisesAsc, read: readAsc },
  { recognises: recognisesGsas, read: readGsas },
  { recognises: recognisesUdf, read: readUdf },
  { recognises: recognisesCpi, read: readCpi },
  { recognises: recognisesCif, read: readPdCif },
  { recognises: looksLikeJson, read: readJson },
  { recognises: recognisesIll, read: readIll },
  { recognises: recognisesColumns, read: readColumns },
];

export function readZipScan(bytes: Uint8Array, warnings: Warning[]): Draft {
  const archive = openZip(bytes);
  if (recognisesBrml(archive)) return readBrml(archive, warnings);
  if (recognisesRasx(archive)) return readRasx(archive, warnings);
  return refuseZip(archive);
}
