/**
 * What files are known by: one record per format, asked from the first to the last, the first that fits decides. Magic numbers
 * are those of the formats' public descriptions. Columns of numbers have no signature: their reader looks how the numbers stand.
 */
import { isCanberraCnf, isCanberraMca, isOnnx, isPoscar, isTar, isWinSpecSpe } from "./signature-tests.ts";

/** What a file may be to this library; the last two are nothing that it reads. */
export type FileKind =
  | "structure"
  | "scan"
  | "composition"
  | "table"
  | "archive"
  | "model"
  | "instrument"
  | "picture"
  | "other";

/** What a file is. */
export interface Signature {
  /** "xrdml"; readers are listed under it. */
  readonly format: string;
  /** What such a file holds: a CIF a structure, a scan, or both. Empty where it is empty or not known. */
  readonly kinds: readonly FileKind[];
  /** In words with an article, "a PNG image", for a refusal. */
  readonly what: string;
  /** What to do with it, where it is none of ours. */
  readonly hint?: string;
}

interface SignatureRecord extends Signature {
  /** Endings by which a name promises such a file, without the dot; a format is never recognised by them. */
  readonly endings?: readonly string[];
  /** Where several kinds may be in it: the data items by which each is. With none of them it is of `kinds`. */
  readonly items?: Partial<Record<FileKind, RegExp>>;
}

/** Of a file of bytes: how it may begin, each byte a character of Latin-1, or a test of all of it. */
export interface BinarySignature extends SignatureRecord {
  readonly magic: readonly string[] | ((bytes: Uint8Array) => boolean);
}

/** Of a ZIP: a member's name. */
export interface ZipSignature extends SignatureRecord {
  readonly member: RegExp;
}

/** Of a text: its first 8192 characters; 65,536 where a preamble may be long. */
export interface TextSignature extends SignatureRecord {
  readonly head: RegExp | ((head: string) => boolean);
  readonly hasPreamble?: true;
}

const EXPORT = "Export the scan itself as two columns of text, XRDML, RAS or UXD.";

function scan(format: string, what: string): Signature {
  return { format, kinds: ["scan"], what };
}

function picture(format: string, what: string): Signature {
  return { format, kinds: ["picture"], what, hint: EXPORT };
}

function other(format: string, what: string, hint?: string): Signature {
  return { format, kinds: ["other"], what, ...(hint === undefined ? {} : { hint }) };
}

export const BINARY_SIGNATURES: readonly BinarySignature[] = [
  { ...scan("bruker-raw4", "a Bruker RAW scan (version 4)"), magic: ["RAW4.00"] },
  { ...scan("bruker-raw3", "a Bruker RAW scan (version 3)"), magic: ["RAW1.01"] },
  { ...scan("bruker-raw2", "a Bruker RAW scan (version 2)"), magic: ["RAW2"] },
  { ...scan("bruker-raw1", "a Bruker RAW scan (version 1)"), magic: ["RAW "] },
  { ...scan("philips-rd", "a Philips RD scan"), magic: ["V3RD", "V5RD"] },
  { ...picture("png", "a PNG image"), magic: ["\x89PNG"] },
  { ...picture("jpeg", "a JPEG image"), magic: ["\xff\xd8\xff"] },
  { ...picture("gif", "a GIF image"), magic: ["GIF8"] },
  { ...picture("tiff", "a TIFF image"), magic: ["II*\0", "MM\0*"] },
  { ...picture("cbf", "a CBF detector image"), magic: ["###CBF"] },
  { ...picture("sfrm", "a Bruker detector frame (SFRM)"), magic: ["FORMAT :"] },
  { ...other("pdf", "a PDF document", EXPORT), magic: ["%PDF"] },
  { ...other("hdf5", "an HDF5 file (NeXus or detector images)", EXPORT), magic: ["\x89HDF"] },
  { ...other("netcdf", "a NetCDF file", EXPORT), magic: ["CDF\x01"] },
  {
    ...other("ole", "an old Microsoft Office document", EXPORT),
    magic: ["\xd0\xcf\x11\xe0"],
  },
  { ...other("npy", "a NumPy array", EXPORT), magic: ["\x93NUMPY"] },
  {
    format: "parquet",
    kinds: ["table"],
    what: "a Parquet table",
    endings: ["parquet", "parq", "pq"],
    magic: ["PAR1"],
    hint: "A table of structures is read by its path: ewald read TABLE.parquet.",
  },
  {
    format: "tar",
    kinds: ["archive"],
    what: "a tar archive",
    endings: ["tar", "tgz", "tar.gz"],
    magic: isTar,
    hint: "Unpack it and read the files one by one.",
  },
  { ...other("7z", "a 7-Zip archive", EXPORT), magic: ["7z\xbc\xaf"] },
  { ...other("rar", "a RAR archive", EXPORT), magic: ["Rar!"] },
  { ...other("gzip", "a gzip file within another", "Unpack it."), magic: ["\x1f\x8b"] },
  { ...other("stoe", "a STOE binary file", EXPORT), magic: ["RAW_1.0"] },
  { ...other("rigaku-raw", "a Rigaku binary RAW file", EXPORT), magic: ["FI\0\0"] },
  { ...other("elf", "a program", EXPORT), magic: ["\x7fELF"] },
  {
    format: "onnx",
    kinds: ["model"],
    what: "a network (ONNX)",
    magic: isOnnx,
    hint: "Give the folder of its model as --model.",
  },
  { ...other("spe", "a WinSpec SPE spectrum of a CCD camera"), magic: isWinSpecSpe },
  { ...other("cnf", "a Canberra CNF gamma or X-ray spectrum"), magic: isCanberraCnf },
  { ...other("mca", "a Canberra MCA gamma or X-ray spectrum"), magic: isCanberraMca },
];

/** A ZIP of other members is an archive of files. */
export const ZIP_SIGNATURES: readonly ZipSignature[] = [
  { ...scan("brml", "a Bruker BRML scan"), member: /(?:^|\/)RawData\d*\.xml$/i },
  { ...scan("rigaku-rasx", "a Rigaku RASX scan"), member: /^Data\d+\/Profile\d+\.txt$/i },
  { ...other("xlsx", "an Excel workbook", "Save the sheet as CSV."), member: /^xl\// },
  { ...other("docx", "a Word document"), member: /^word\// },
  {
    ...other("opendocument", "an OpenDocument file", "Save the sheet as CSV."),
    member: /^content\.xml$/,
  },
  { ...other("npz", "a NumPy archive"), member: /\.npy$/ },
  { ...picture("zip-images", "an archive of images"), member: /\.(?:jpe?g|png|tiff?)$/i },
];

export const ZIP: SignatureRecord = {
  format: "zip",
  kinds: ["archive"],
  what: "a ZIP archive",
  endings: ["zip"],
  hint: "Unpack it and read the scans one by one.",
};

/** Items of a pattern that can be read; many CIFs of structures have others, of the refinement. */
const CIF_ITEMS = {
  structure: /(?:^|\s)_atom_site[._](?:fract|cartn)_[xyz]\s/i,
  scan: /(?:^|\s)_pd_(?:meas|proc)_(?:counts|intensity)_\w/i,
};

export const TEXT_SIGNATURES: readonly TextSignature[] = [
  { ...scan("xrdml", "a PANalytical XRDML scan"), head: /<(?:\w+:)?xrdMeasurements[\s>]/ },
  {
    ...scan("uxd", "a Bruker UXD scan"),
    head: (head) =>
      /^_FILEVERSION\s*=/m.test(head) || (/^_DRIVE\s*=/m.test(head) && /^_START\s*=/m.test(head)),
  },
  { ...scan("rigaku-ras", "a Rigaku RAS scan"), head: /^\*RAS_(?:DATA|HEADER)_START/m },
  {
    ...scan("rigaku-asc", "a Rigaku ASC scan"),
    head: (head) => /^\s*\*TYPE\s*=/.test(head) && /^\*(?:CLASS|GROUP_COUNT|BEGIN)/m.test(head),
  },
  {
    ...scan("philips-udf", "a Philips UDF scan"),
    head: (head) => /^\s*SampleIdent\s*,/.test(head) || /^DataAngleRange\s*,/m.test(head),
  },
  { ...scan("sietronics-cpi", "a Sietronics CPI scan"), head: /^\s*SIETRONICS XRD SCAN/ },
  {
    ...other("vamas", "a VAMAS surface-analysis spectrum"),
    head: /^\s*VAMAS Surface Chemical Analysis/,
  },
  {
    ...other("emsa", "an EMSA/MAS energy-dispersive (EDS) spectrum"),
    head: /^#FORMAT\s*:\s*EMSA/m,
  },
  {
    ...other("specs", "a SPECS photoelectron spectrum"),
    head: /^#\s*Created by:\s*SpecsLab/m,
  },
  {
    ...other("photoelectron", "a photoelectron spectrum (kinetic energy axis)"),
    head: /^#\s*values in kinetic energy/m,
  },
  {
    ...other("vgx", "a VGX-900 photoelectron spectrum"),
    head: /^[^\n]*\n\s*(?:[\d.]+\s+){4}[\d.]+\s+\d+\s+[\d.]+\s+[\d.]+\s*\n[A-Z]{2}\s*\n\s*\d+\s*\n/,
  },
  {
    ...other("xsyg", "an XSYG luminescence measurement"),
    head: /<Sample\b[^>]*lexsyg/i,
  },
  {
    format: "gsas-prm",
    kinds: ["instrument"],
    what: "a GSAS instrument parameter file",
    head: /^INS\s{1,3}(?:BANK|HTYPE|\s*\d)/m,
  },
  {
    format: "gsas2-instprm",
    kinds: ["instrument"],
    what: "a GSAS-II instrument parameter file",
    head: /^#GSAS-II instrument parameter file/,
  },
  {
    ...other("fullprof-pcr", "a FullProf control file"),
    head: /^COMM\b.*\n![^\n]*(?:Npr|Job)/,
  },
  {
    ...picture("edf", "an ESRF EDF detector image"),
    head: /^\s*\{\s*\r?\n?\s*(?:HeaderID|EDF_)/,
  },
  { ...other("amptek", "an MCA spectrum (AMPTEK)"), head: /^<<PMCA SPECTRUM>>/ },
  { ...other("ortec", "an ORTEC energy-dispersive spectrum"), head: /^\$SPEC_ID:/m },
  { ...other("html", "an HTML page"), head: /^\s*<(?:!doctype html|html)\b/i },
  {
    ...picture("svg", "an SVG drawing"),
    head: /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<svg\b/i,
  },
  { ...other("xml", "an XML document"), head: /^\s*<(?:\?xml|!DOCTYPE)/i },
  {
    ...other("dif", "a calculated peak list (DIF)"),
    head: /2-THETA +INTENSITY +D-SPACING +H +K +L/i,
  },
  { ...other("jcamp", "JCAMP-DX spectroscopy"), head: /^##JCAMP-DX/im },
  {
    format: "instrument",
    kinds: ["instrument"],
    what: "the calibration of an instrument",
    hint: "Give it with a scan: --instrument FILE.",
    head: /^\s*\{\s*"kind"\s*:\s*"instrument"/,
  },
  {
    format: "json",
    kinds: ["structure"],
    what: "JSON",
    endings: ["json"],
    // A brace or bracket alone is no JSON: exported tables begin with `[Measurement conditions]`.
    head: /^\s*(?:\{\s*(?:["}]|$)|\[\s*(?:[[{"\]\d-]|$))/,
    items: {
      structure: /"(?:lattice|sites|attributes)"\s*:\s*[[{]/,
      scan: /"kind"\s*:\s*"scan"|"(?:two_theta_values|twoTheta|two_theta|2theta|x)"\s*:\s*\[/,
    },
  },
  {
    format: "poscar",
    kinds: ["structure"],
    what: "a POSCAR structure",
    endings: ["vasp", "poscar", "contcar"],
    head: isPoscar,
  },
  { ...scan("gsas", "a GSAS scan"), head: /^BANK\s+\d+\s+\d+\s+\d+/m, hasPreamble: true },
  {
    format: "cif",
    kinds: ["structure"],
    what: "a CIF",
    endings: ["cif", "mcif"],
    hasPreamble: true,
    // Some lack the line data_…, some have a text before it; other files have lines with an underscore, too.
    head: (head) =>
      head.startsWith("#\\#CIF") ||
      /(?:^|\s)data_\S*(?:\s+(?:#[^\r\n]*[\r\n]\s*)*(?:_\w|loop_)|\s*$)/i.test(head) ||
      /^[ \t]*_(?:atom_|cell[._]|symmetry[._]|space_group|pd_|refln|chemical_|chem_comp|dictionary|audit)/im.test(
        head,
      ),
    items: CIF_ITEMS,
  },
];
