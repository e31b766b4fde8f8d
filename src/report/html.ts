/** The little of HTML that reports need, as strings; every word from outside goes through {@link escapeHtml}. */

export function escapeHtml(words: string): string {
  return words
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

export interface HtmlColumn {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** A table; cells are HTML. */
export function htmlTable(
  columns: readonly HtmlColumn[],
  rows: readonly (readonly string[])[],
  kind = "",
): string {
  const open = (tag: string, i: number): string =>
    columns[i]!.isNumber === true ? `<${tag} class="number"` : `<${tag}`;
  const head = columns
    .map(({ title }, i) => `${open("th", i)} scope="col">${escapeHtml(title)}</th>`)
    .join("");
  const body = rows
    .map((row) => `<tr>${row.map((cell, i) => `${open("td", i)}>${cell}</td>`).join("")}</tr>`)
    .join("");
  const attribute = kind === "" ? "" : ` class="${kind}"`;
  return `<div class="scroll" tabindex="0"><table${attribute}><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}
