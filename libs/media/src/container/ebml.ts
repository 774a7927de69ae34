/** Reads elements of untrusted EBML (RFC 8794: Matroska, WebM). */
import type { Span } from './span.js';

const MAX_ELEMENTS = 100_000;

export interface Element {
  id: number;
  at: number;
  start: number;
  end: number;
  /** End of the element. If the file is damaged, it may be after the end of the parent. */
  declaredEnd: number;
  /** The size is unknown: the element ends before the first element that cannot be its child. */
  isOpen: boolean;
}

export const SEGMENT = 0x18538067;
export const EBML = 0x1a45dfa3;

export function isEbml(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32BE(0) === EBML;
}

/** Complete elements only. The last one may have an unknown size: it ends with its parent. */
export function elementsIn(span: Span, from: number, to: number): Element[] {
  return elementRow(span, from, to).elements;
}

/** `isWhole`: no bytes follow the last element, and no element is longer than its parent. */
export function elementRow(
  span: Span,
  from: number,
  to: number,
  most = MAX_ELEMENTS,
): { elements: Element[]; isWhole: boolean } {
  const elements: Element[] = [];
  let at = from;
  while (at < to && elements.length < most) {
    const head = span.read(at, 12);
    const id = number(head, 0, 4, false);
    const size = id && number(head, id.width, 8, true);
    if (!id || !size) break;
    const start = at + id.width + size.width;
    const end = size.unknown ? to : start + size.value;
    if (start > to) break;
    elements.push({
      id: id.value,
      at,
      start,
      end: Math.min(end, to),
      declaredEnd: end,
      isOpen: size.unknown,
    });
    at = end;
  }
  return { elements, isWhole: at === to };
}

function number(
  bytes: Buffer,
  at: number,
  widest: number,
  withoutMark: boolean,
): { value: number; width: number; unknown: boolean } | undefined {
  const first = bytes[at] ?? 0;
  const width = Math.clz32(first) - 23;
  if (first === 0 || width > widest || at + width > bytes.length) return undefined;
  let value = withoutMark ? first & (0xff >> width) : first;
  let unknown = value === 0xff >> width;
  for (let n = 1; n < width; n++) {
    const byte = bytes[at + n] ?? 0;
    value = value * 256 + byte;
    unknown &&= byte === 0xff;
  }
  return { value, width, unknown: withoutMark && unknown };
}
