import { fileNameOf } from "../../src/formats/file-name.ts";

/** A file for the user, made in the page. */
export function save(name: string, content: string | Blob, type: string): void {
  const url = URL.createObjectURL(
    content instanceof Blob ? content : new Blob([content], { type }),
  );
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; the memory is given back.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Begins the names of what is saved of a file. */
export function stemOf(path: string): string {
  return fileNameOf(path).replace(/\.[^.]*$/, "");
}

/** An SVG as PNG, drawn by the browser itself. */
export async function svgToPng(svg: string, scale = 2): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * scale;
    canvas.height = image.naturalHeight * scale;
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob === null ? reject(new Error("no picture")) : resolve(blob)));
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
