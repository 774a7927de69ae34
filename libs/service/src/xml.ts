/**
 * Small XML documents from networks that we do not trust: no DTD, no entities but the predefined ones. Size, depth and
 * the number of tags and attributes are limited by a linear scan before the document is parsed. A bare "&", which many senders
 * write, is read as that character. The result is a plain tree, which does not depend on how often a name occurs.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** Text directly inside the element, CDATA included. */
  text: string;
}

export interface XmlBounds {
  /** Characters. */
  length: number;
  depth: number;
  /** Maximum number of start tags, end tags, comments and CDATA sections: everything that begins with "<". */
  tags: number;
  /** Maximum number of attributes, counted by the quotes that open their values. */
  attributes: number;
  /** Maximum length of one tag with its attributes, characters. */
  tagLength: number;
}

/** Documents of the platforms and servers are smaller than these bounds by a factor of five. */
export const XML_BOUNDS: XmlBounds = {
  length: 256 * 1024,
  depth: 32,
  tags: 1000,
  attributes: 2000,
  tagLength: 8 * 1024,
};

type Ordered = Record<string, unknown>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: '__cdata',
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** The root element. undefined: the document is not well-formed, exceeds the bounds, or has a DTD. */
export function readXml(text: string, bounds: XmlBounds = XML_BOUNDS): XmlElement | undefined {
  if (!isWithin(text, bounds)) return undefined;
  try {
    const escaped = escapeBareAmpersands(text);
    if (XMLValidator.validate(escaped) !== true) return undefined;
    const roots = (parser.parse(escaped) as Ordered[]).filter((node) => elementName(node) !== undefined);
    return roots.length === 1 && roots[0] ? toElement(roots[0]) : undefined;
  } catch (error) {
    // Errors of the parser and of the bounds. Faults of the program have another class.
    if ((error as Error).name === 'Error') return undefined;
    throw error;
  }
}

const [CDATA, COMMENT] = ['<![CDATA[', '<!--'];

/** One pass over the text. CDATA sections and comments are skipped. */
function isWithin(text: string, bounds: XmlBounds): boolean {
  if (text.length > bounds.length) return false;
  let [depth, tags, attributes] = [0, 0, 0];
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    if (++tags > bounds.tags) return false;
    const skipped = text.startsWith(CDATA, at) ? ']]>' : text.startsWith(COMMENT, at) ? '-->' : undefined;
    if (skipped !== undefined) {
      const end = text.indexOf(skipped, at);
      if (end < 0) return false;
      at = end + skipped.length;
      continue;
    }
    const tag = tagAt(text, at, bounds.tagLength);
    // Anything else that begins with "<!" is a DTD.
    if (!tag || text[at + 1] === '!') return false;
    attributes += tag.attributes;
    if (text[at + 1] === '/') depth--;
    else if (text[tag.end - 1] !== '/' && text[at + 1] !== '?') depth++;
    if (depth > bounds.depth || attributes > bounds.attributes) return false;
    at = tag.end;
  }
  return true;
}

/** @returns undefined: the tag has no end within `most` characters */
function tagAt(text: string, from: number, most: number): { end: number; attributes: number } | undefined {
  let attributes = 0;
  let quote = '';
  for (let at = from + 1; at < text.length && at - from <= most; at++) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") {
      quote = char;
      attributes++;
    } else if (char === '>') return { end: at, attributes };
  }
  return undefined;
}

const BARE_AMPERSAND = /&(?!(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][\w.-]{0,30});)/gi;

/** Linear, because `isWithin` has verified that every section and comment ends. */
function escapeBareAmpersands(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (;;) {
    const [cdata, comment] = [text.indexOf(CDATA, from), text.indexOf(COMMENT, from)];
    const section = cdata < 0 || (comment >= 0 && comment < cdata) ? comment : cdata;
    const end = section < 0 ? -1 : text.indexOf(section === cdata ? ']]>' : '-->', section);
    const until = end < 0 ? text.length : section;
    pieces.push(text.slice(from, until).replace(BARE_AMPERSAND, '&amp;'));
    if (end < 0) return pieces.join('');
    pieces.push(text.slice(section, end));
    from = end;
  }
}

function elementName(node: Ordered): string | undefined {
  return Object.keys(node).find((key) => key !== ':@' && key !== '#text' && key !== '__cdata');
}

function toElement(node: Ordered): XmlElement {
  const name = elementName(node) ?? '';
  const content = node[name] as Ordered[];
  const attributes = (node[':@'] ?? {}) as Record<string, string>;
  return {
    name,
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [key, unescapeXml(String(value))]),
    ),
    children: content.filter((child) => elementName(child) !== undefined).map((child) => toElement(child)),
    text: content.map(textOf).join(''),
  };
}

function textOf(node: Ordered): string {
  const cdata = node['__cdata'] as Ordered[] | undefined;
  if (cdata) return cdata.map((part) => rawText(part)).join('');
  return unescapeXml(rawText(node));
}

function rawText(node: Ordered): string {
  const text = node['#text'];
  return typeof text === 'string' ? text : '';
}

/** The first child of that name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((one) => one.name === name);
}

/** Every element of that name, at any depth, in document order. */
export function descendants(element: XmlElement | undefined, name: string): XmlElement[] {
  return (element?.children ?? []).flatMap((one) => [
    ...(one.name === name ? [one] : []),
    ...descendants(one, name),
  ]);
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

/** Two references that are the halves of one character (UTF-16) become that character; one half alone becomes U+FFFD. */
export function unescapeXml(text: string): string {
  return text
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, named) => {
      if (named !== undefined) return NAMED[String(named).toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
      return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : '';
    })
    .toWellFormed();
}
