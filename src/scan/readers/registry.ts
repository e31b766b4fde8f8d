/** The readers, by the format that `formats/signatures.ts` tells. */
import type { Warning } from "../../errors.ts";
import type { ZipArchive } from "../../formats/zip.ts";
import { readBrml } from "./brml.ts";
import { readRaw1, readRaw2, readRaw3 } from "./bruker-raw.ts";
import { readRaw4 } from "./bruker-raw4.ts";
import { readColumns, recognisesColumns } from "./columns/columns.ts";
import type { Draft } from "./draft.ts";
import { readGsas } from "./gsas.ts";
import { readIll, recognisesIll } from "./ill.ts";
import { readJson } from "./json.ts";
import { readPdCif } from "./pdcif.ts";
import { readCpi, readRd, readUdf } from "./philips.ts";
import { readAsc, readRas, readRasx } from "./rigaku.ts";
import { readUxd } from "./uxd.ts";
import { readXrdml } from "./xrdml.ts";

type Reader<Input> = (input: Input, warnings: Warning[]) => Draft;
type Readers<Input> = ReadonlyMap<string, Reader<Input>>;

export const BINARY_READERS: Readers<Uint8Array> = new Map<string, Reader<Uint8Array>>([
  ["bruker-raw4", readRaw4],
  ["bruker-raw3", readRaw3],
  ["bruker-raw2", readRaw2],
  ["bruker-raw1", readRaw1],
  ["philips-rd", readRd],
]);

export const ZIP_READERS: Readers<ZipArchive> = new Map<string, Reader<ZipArchive>>([
  ["brml", readBrml],
  ["rigaku-rasx", readRasx],
]);

export const TEXT_READERS: Readers<string> = new Map<string, Reader<string>>([
  ["xrdml", readXrdml],
  ["uxd", readUxd],
  ["rigaku-ras", readRas],
  ["rigaku-asc", readAsc],
  ["gsas", readGsas],
  ["philips-udf", readUdf],
  ["sietronics-cpi", readCpi],
  ["cif", readPdCif],
  ["json", readJson],
]);

/** Of a text without a signature: the first that finds its numbers as it knows them. */
export function layoutReader(text: string): Reader<string> | undefined {
  if (recognisesIll(text)) return readIll;
  return recognisesColumns(text) ? readColumns : undefined;
}
