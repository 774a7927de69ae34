/** The small XML documents of SIP messaging: what is inside, by local names, and writing them. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

export interface Element {
  name: string;
  text: string;
  children: Element[];
}

const MOST_CHARS = 65_536;

const parser = new XMLParser({
  preserveOrder: true,
  removeNSPrefix: true,
  parseTagValue: false,
  ignoreAttributes: true,
  processEntities: true,
});

/** @returns the root, or undefined for what is no XML */
export function readXml(text: string): Element | undefined {
  if (text.length > MOST_CHARS || XMLValidator.validate(text) !== true) return undefined;
  return elementsIn(parsed(text)).find(({ name }) => !name.startsWith('?'));
}

type Ordered = Record<string, unknown>;

/** COMPAT(fast-xml-parser, 5): it throws for some texts that its validator lets pass, such as a prolog that does not end. */
function parsed(text: string): Ordered[] {
  try {
    return parser.parse(text) as Ordered[];
  } catch {
    return [];
  }
}

function elementsIn(nodes: readonly Ordered[]): Element[] {
  return nodes.flatMap((node) =>
    Object.entries(node).flatMap(([name, inside]) => {
      if (name === '#text' || name === ':@' || !Array.isArray(inside)) return [];
      const parts = inside as Ordered[];
      const text = parts.map((part) => (typeof part['#text'] === 'string' ? part['#text'] : '')).join('');
      return [{ name, text: text.trim(), children: elementsIn(parts) }];
    }),
  );
}

/** All elements with this name, at any depth. */
export function all(element: Element | undefined, name: string): Element[] {
  if (!element) return [];
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

export function first(element: Element | undefined, name: string): Element | undefined {
  return all(element, name)[0];
}

export function escapeXml(text: string): string {
  // XML 1.0 has no control characters but tab and line ends.
  return text
    .replace(/(?![\t\n\r])\p{Cc}/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
