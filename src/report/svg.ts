/**
 * The little of SVG that Ewald's figures need, as strings: the same file is the figure in a paper, in
 * the HTML report and on the page. Lengths are CSS pixels.
 */

/** Colours that stay apart for colour-blind readers and in grey print (Okabe and Ito 2008), black first. */
export const CURVE_COLOURS = [
  "#1a1a1a",
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
] as const;

export const FONT_FAMILY = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

export type Attributes = Readonly<Record<string, string | number | undefined>>;

function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Coordinates to a hundredth of a pixel: finer is invisible and doubles the file. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function element(name: string, attributes: Attributes, content = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const text = typeof value === "number" ? px(value) : escapeXml(String(value));
      return ` ${key}="${text}"`;
    })
    .join("");
  return content === "" ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escapeXml(content));
}

/** A whole document with a white ground and a title for screen readers. */
export function svgDocument(width: number, height: number, title: string, body: string): string {
  const root = element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      "font-family": FONT_FAMILY,
      "font-size": 13,
    },
    `<title>${escapeXml(title)}</title>` +
      element("rect", { width, height, fill: "#ffffff" }) +
      body,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}
