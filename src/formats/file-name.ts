/** A file's own name, without the folders that it lies in: "scans/a.xy", "C:\\scans\\a.xy" → "a.xy". */
export function fileNameOf(path: string): string {
  return path.split(/[/\\]/).at(-1)!;
}
