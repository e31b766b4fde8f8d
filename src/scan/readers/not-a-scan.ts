/**
 * Files that hold no powder scan, refused by the name of what they are, so that nobody hunts for a
 * missing reader. Signatures: the formats' public descriptions.
 */
import { EwaldError } from "../../errors.ts";
import type { ZipArchive } from "../../formats/zip.ts";

function refuse(what: string, hint?: string): never {
  throw new EwaldError("scan/not-a-scan", `${what}, not a powder scan`, {
    value: what,
    ...(hint === undefined ? {} : { hint }),
  });
}

type Signature = readonly [what: string, bytes: readonly number[] | string, offset?: number];

const SIGNATURES: readonly Signature[] = [
  ["a PNG image", [0x89, 0x50, 0x4e, 0x47]],
  ["a JPEG image", [0xff, 0xd8, 0xff]],
  ["a GIF image", "GIF8"],
  ["a TIFF image", [0x49, 0x49, 0x2a, 0x00]],
  ["a TIFF image", [0x4d, 0x4d, 0x00, 0x2a]],
  ["a PDF document", "%PDF"],
  ["an HDF5 file (NeXus or detector images)", [0x89, 0x48, 0x44, 0x46]],
  ["a CBF detector image", "###CBF"],
  ["a NetCDF file", "CDF\u0001"],
  ["an old Microsoft Office document", [0xd0, 0xcf, 0x11, 0xe0]],
  ["a NumPy array", [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ["a Parquet table", "PAR1"],
  ["a 7-Zip archive", [0x37, 0x7a, 0xbc, 0xaf]],
  ["a RAR archive", "Rar!"],
  ["a Bruker detector frame (SFRM)", "FORMAT :"],
  ["a STOE binary file", "RAW_1.0"],
  ["a Rigaku binary RAW file", [0x46, 0x49, 0x00, 0x00]],
  ["a program", [0x7f, 0x45, 0x4c, 0x46]],
];

function matches(bytes: Uint8Array, [, signature, offset = 0]: Signature): boolean {
  const codes =
    typeof signature === "string" ? Array.from(signature, (c) => c.charCodeAt(0)) : signature;
  return codes.every((code, i) => bytes[offset + i] === code);
}

const EXPORT_HINT = "Export the scan itself as two columns of text, XRDML, RAS or UXD.";
const SPE_HEADER_BYTES = 4100;

function isSpe(bytes: Uint8Array): boolean {
  if (bytes.length < SPE_HEADER_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getInt16(108, true);
  const [width, height] = [view.getUint16(42, true), view.getUint16(656, true)];
  const size = [4, 4, 2, 2][type];
  const frames = Math.max(1, view.getInt32(1446, true));
  if (size === undefined || width === 0 || height === 0) return false;
  return bytes.length === SPE_HEADER_BYTES + width * height * frames * size;
}

/** Genie CNF: the first sections' tags stand at fixed places. */
function isCnf(bytes: Uint8Array): boolean {
  return (
    bytes[0] === 0 &&
    bytes[1] === 4 &&
    bytes.length >= 2048 &&
    bytes[0x70 + 1] === 0x20 &&
    bytes[0x70 + 2] === 1
  );
}

/** Canberra S100 MCA: the word 0x00010800 at byte 0x24. */
function isMca(bytes: Uint8Array): boolean {
  return (
    bytes.length > 512 &&
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(0x24, true) === 0x10800
  );
}

export function refuseBinary(bytes: Uint8Array): void {
  const found = SIGNATURES.find((signature) => matches(bytes, signature));
  if (found !== undefined) refuse(found[0], EXPORT_HINT);
  if (isSpe(bytes)) refuse("a WinSpec SPE spectrum of a CCD camera");
  if (isCnf(bytes)) refuse("a Canberra CNF gamma or X-ray spectrum");
  if (isMca(bytes)) refuse("a Canberra MCA gamma or X-ray spectrum");
}

const TEXTS: readonly (readonly [what: string, test: RegExp])[] = [
  ["a VAMAS surface-analysis spectrum", /^\s*VAMAS Surface Chemical Analysis/],
  ["an EMSA/MAS energy-dispersive (EDS) spectrum", /^#FORMAT\s*:\s*EMSA/m],
  ["a SPECS photoelectron spectrum", /^#\s*Created by:\s*SpecsLab/m],
  ["a photoelectron spectrum (kinetic energy axis)", /^#\s*values in kinetic energy/m],
  [
    "a VGX-900 photoelectron spectrum",
    /^[^\n]*\n\s*(?:[\d.]+\s+){4}[\d.]+\s+\d+\s+[\d.]+\s+[\d.]+\s*\n[A-Z]{2}\s*\n\s*\d+\s*\n/,
  ],
  ["an XSYG luminescence measurement", /<Sample\b[^>]*lexsyg/i],
  ["a GSAS instrument parameter file", /^INS\s{1,3}(?:BANK|HTYPE|\s*\d)/m],
  ["a GSAS-II instrument parameter file", /^#GSAS-II instrument parameter file/],
  ["a FullProf control file", /^COMM\b.*\n![^\n]*(?:Npr|Job)/],
  ["an ESRF EDF detector image", /^\s*\{\s*\r?\n?\s*(?:HeaderID|EDF_)/],
  ["an MCA spectrum (AMPTEK)", /^<<PMCA SPECTRUM>>/],
  ["an ORTEC energy-dispersive spectrum", /^\$SPEC_ID:/m],
  ["an HTML page", /^\s*<(?:!doctype html|html)\b/i],
  ["an SVG drawing", /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<svg\b/i],
  ["a calculated peak list (DIF)", /2-THETA +INTENSITY +D-SPACING +H +K +L/i],
  ["JCAMP-DX spectroscopy", /^##JCAMP-DX/im],
  [
    "a POSCAR structure",
    /^[^\n]*\n\s*[\d.]+\s*\n(?:\s*(?:-?[\d.]+\s+){2}-?[\d.]+\s*\n){3}\s*(?:[A-Z][a-z]?\s+)*[A-Z][a-z]?\s*\n\s*\d/,
  ],
];

const HEAD_CHARACTERS = 4096;

export function refuseText(text: string): void {
  const head = text.slice(0, HEAD_CHARACTERS);
  const found = TEXTS.find(([, test]) => test.test(head));
  if (found !== undefined) refuse(found[0]);
}

/** A ZIP that is neither BRML nor RASX. */
export function refuseZip(archive: ZipArchive): never {
  const names = archive.entries.map((entry) => entry.name);
  if (names.some((name) => name.startsWith("xl/"))) {
    refuse("an Excel workbook", "Save the sheet as CSV.");
  }
  if (names.some((name) => name.startsWith("word/"))) refuse("a Word document");
  if (names.includes("content.xml") && names.includes("mimetype")) {
    refuse("an OpenDocument file", "Save the sheet as CSV.");
  }
  if (names.some((name) => name.endsWith(".npy"))) refuse("a NumPy archive");
  if (names.some((name) => /\.(?:jpe?g|png|tiff?)$/i.test(name))) refuse("an archive of images");
  refuse(
    `a ZIP archive of ${names.length} other file(s) (${names.slice(0, 3).join(", ")})`,
    "Unpack it and read the scans one by one.",
  );
}
