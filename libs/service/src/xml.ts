/**
 * Small XML documents from networks that we do not trust: no DTD, no entities but the predefined ones, bounded size
 * and depth. Elements as a plain tree, so that nothing depends on how often a name occurs.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** All text directly inside, CDATA included. */
  text: string;
}

const MAX_LENGTH = 1024 * 1024;
const MAX_DEPTH = 32;

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

/** The root element; undefined for what is no well-formed document, or one that is too large, too deep, or has a DTD. */
export function readXml(text: string): XmlElement | undefined {
  if (text.length > MAX_LENGTH || /<!(?:DOCTYPE|ENTITY)/i.test(text)) return undefined;
  try {
    if (XMLValidator.validate(text) !== true) return undefined;
    const roots = (parser.parse(text) as Ordered[]).filter((node) => elementName(node) !== undefined);
    return roots.length === 1 && roots[0] ? toElement(roots[0], 0) : undefined;
  } catch (error) {
    // What the parser throws, and our own bounds; a fault of the program is of another class.
    if ((error as Error).name === 'Error') return undefined;
    throw error;
  }
}

function elementName(node: Ordered): string | undefined {
  return Object.keys(node).find((key) => key !== ':@' && key !== '#text' && key !== '__cdata');
}

function toElement(node: Ordered, depth: number): XmlElement {
  if (depth > MAX_DEPTH) throw new Error('too deep');
  const name = elementName(node) ?? '';
  const content = node[name] as Ordered[];
  const attributes = (node[':@'] ?? {}) as Record<string, string>;
  return {
    name,
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [key, unescapeXml(String(value))]),
    ),
    children: content
      .filter((child) => elementName(child) !== undefined)
      .map((child) => toElement(child, depth + 1)),
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

export function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
    (whole, decimal, hex, named) => {
      if (named !== undefined) return NAMED[String(named).toLowerCase()] ?? whole;
      const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
      return code > 0 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff)
        ? String.fromCodePoint(code)
        : '';
    },
  );
}
