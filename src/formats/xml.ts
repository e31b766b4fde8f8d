/**
 * XML to a small tree of plain records, through saxes (which never expands an entity that a document
 * declares, so "billion laughs" is an undefined entity, an error). Namespace prefixes are dropped:
 * instrument schemas differ by version only in the namespace's address.
 */
import { SaxesParser } from "saxes";
import { EwaldError } from "../errors.ts";
import { MAX_XML_DEPTH, MAX_XML_ELEMENTS } from "./limits.ts";

export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All character data directly inside, joined and trimmed. */
  readonly text: string;
  /** Line of the start tag, from 1. */
  readonly line: number;
}

interface OpenElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
  line: number;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function bomb(message: string, line: number): EwaldError {
  return new EwaldError("xml/bomb", message, { line });
}

/**
 * The root element.
 *
 * @throws EwaldError `xml/malformed` with line and column, `xml/bomb` beyond the limits of
 * depth (128) or number of elements (4 million).
 */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const stack: OpenElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;
  parser.on("error", (cause) => {
    throw new EwaldError("xml/malformed", cause.message.replace(/^\d+:\d+: /, ""), {
      line: parser.line,
      column: parser.column,
      cause,
    });
  });
  parser.on("opentag", (tag) => {
    if (++elements > MAX_XML_ELEMENTS) throw bomb("XML with too many elements", parser.line);
    if (stack.length >= MAX_XML_DEPTH) throw bomb("XML nested too deeply", parser.line);
    const attributes: Record<string, string> = Object.create(null);
    for (const [name, value] of Object.entries(tag.attributes)) attributes[localName(name)] = value;
    stack.push({
      name: localName(tag.name),
      attributes,
      children: [],
      text: "",
      line: parser.line,
    });
  });
  const addText = (content: string): void => {
    const top = stack.at(-1);
    if (top !== undefined) top.text += content;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.on("closetag", () => {
    const closed = stack.pop();
    if (closed === undefined) return;
    closed.text = closed.text.trim();
    const parent = stack.at(-1);
    if (parent === undefined) root ??= closed;
    else parent.children.push(closed);
  });
  parser.write(text).close();
  if (root === undefined)
    throw new EwaldError("xml/malformed", "XML without an element", { line: 1 });
  return root;
}

/** The first child of that name along the path, or undefined. */
export function child(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let current = element;
  for (const name of path) current = current?.children.find((one) => one.name === name);
  return current;
}

export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((one) => one.name === name);
}

/** Text of the element at the path, or undefined where it is absent or empty. */
export function childText(element: XmlElement | undefined, ...path: string[]): string | undefined {
  const text = child(element, ...path)?.text;
  return text === undefined || text === "" ? undefined : text;
}

/** Every descendant of that name, in document order. */
export function descendants(element: XmlElement, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  const pending = [...element.children].reverse();
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    if (one.name === name) found.push(one);
    for (let i = one.children.length - 1; i >= 0; i--) pending.push(one.children[i]!);
  }
  return found;
}
