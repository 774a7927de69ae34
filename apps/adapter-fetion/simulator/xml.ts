/** The XML of Fetion's bodies: elements with attributes, no document types, only the five predefined entities. */
import { XMLParser } from 'fast-xml-parser';

export interface Element {
  name: string;
  at: Record<string, string>;
  children: Element[];
  text: string;
}

const MAX_DEPTH = 20;
/** Control characters but those that XML takes. */
const NOT_IN_XML = /(?![\t\n\r\u007f-\u009f])\p{Cc}|[\ufffe\uffff]/gu;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  maxNestedTags: MAX_DEPTH,
});

/** @returns undefined for a document that is not well-formed */
export function readXml(text: string): Element | undefined {
  if (!text.trimStart().startsWith('<') || /<!(DOCTYPE|ENTITY)/i.test(text)) return undefined;
  try {
    return elements(parser.parse(text) as unknown)[0];
  } catch {
    return undefined;
  }
}

/** Finds the first element of that name at any depth, because clients nest the same element differently. */
export function first(root: Element | undefined, name: string): Element | undefined {
  if (!root || root.name === name) return root;
  for (const child of root.children) {
    const found = first(child, name);
    if (found) return found;
  }
  return undefined;
}

/** An attribute that is undefined is left out. */
export function xml(
  name: string,
  at: Record<string, string | number | undefined>,
  ...inner: string[]
): string {
  const attributes = Object.entries(at)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  return inner.length ? `<${name}${attributes}>${inner.join('')}</${name}>` : `<${name}${attributes}/>`;
}

export function escapeXml(text: string): string {
  return text
    .replace(NOT_IN_XML, '')
    .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/&#38;/g, '&amp;')
    .replace(/&#60;/g, '&lt;')
    .replace(/&#62;/g, '&gt;')
    .replace(/&#34;/g, '&quot;');
}

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(lt|gt|amp|quot|apos));/gi,
    (whole, hex, decimal, name) => {
      if (name) return NAMED[String(name).toLowerCase()] ?? whole;
      const code = hex ? parseInt(String(hex), 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

function elements(nodes: unknown): Element[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: Record<string, unknown>) => {
    const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text');
    return name === undefined ? [] : [element(name, node)];
  });
}

function element(name: string, node: Record<string, unknown>): Element {
  const inner = node[name];
  const text = (Array.isArray(inner) ? inner : [])
    .map((child: Record<string, unknown>) => child['#text'])
    .filter((piece) => typeof piece === 'string')
    .join('');
  const at = Object.entries((node[':@'] ?? {}) as Record<string, unknown>).map(
    ([key, value]): [string, string] => [key, unescapeXml(String(value))],
  );
  return { name, at: Object.fromEntries(at), children: elements(inner), text: unescapeXml(text) };
}
