/**
 * Removes locations from Matroska and WebM (RFC 9559), in place: location tags and attached images. Unknown or damaged elements
 * outside the video become void elements. A file whose video cannot be followed is refused.
 */
import { crc32 } from 'node:zlib';
import { HubError } from '#protocol';
import { EBML, elementRow, SEGMENT, type Element } from '../container/ebml.js';
import type { Span } from '../container/span.js';
import { bytesMentionPlace, isPlaceName, mentionsPlace } from './location-names.js';
import type { PngInner } from './png.js';

const [CRC, VOID] = [0xbf, 0xec];
const MAX_TEXT = 4096;
const [TAGS, TAG, SIMPLE_TAG, TAG_NAME, TAG_STRING, TAG_BINARY] = [
  0x1254c367, 0x7373, 0x67c8, 0x45a3, 0x4487, 0x4485,
];
const [ATTACHMENTS, ATTACHED_FILE, FILE_DATA] = [0x1941a469, 0x61a7, 0x465c];
const [SEEK_HEAD, INFO, TRACKS, CUES, CHAPTERS, CLUSTER] = [
  0x114d9b74, 0x1549a966, 0x1654ae6b, 0x1c53bb6b, 0x1043a770, 0x1f43b675,
];
/** Elements without which nothing can be shown. */
const OF_THE_FILM = new Set([SEEK_HEAD, INFO, TRACKS, CUES]);
/** Children of a cluster: timecode, position, previous size, silent tracks, blocks of all kinds. */
const IN_A_CLUSTER = new Set([0xe7, 0xa7, 0xab, 0x5854, 0xa3, 0xa0, 0xaf, CRC, VOID]);
/** Known children of each metadata element; other children become void. */
const IN_A_DESCRIPTION = new Map([
  [TAGS, new Set([TAG])],
  [TAG, new Set([0x63c0, SIMPLE_TAG])],
  [SIMPLE_TAG, new Set([TAG_NAME, TAG_STRING, TAG_BINARY, 0x447a, 0x447b, 0x4484, SIMPLE_TAG])],
  [ATTACHMENTS, new Set([ATTACHED_FILE])],
  [ATTACHED_FILE, new Set([0x467e, 0x466e, 0x4660, FILE_DATA, 0x46ae])],
]);
const MAX_DEPTH = 8;
const MAX_VALUE = 16 * 1024 * 1024;

/** @throws HubError 106 */
export function eraseFromEbml(
  span: Span,
  inner: PngInner,
  isWhole = true,
): { changed: boolean; end: number } {
  const { elements: top, isWhole: followed } = elementRow(span, 0, span.size);
  if (isWhole && !followed) throw new HubError('106', 'the EBML elements cannot be followed to their end');
  if (!top.some(({ id }) => id === SEGMENT))
    throw new HubError('106', 'it has no segment that can be followed');
  const eraser = new EbmlEraser(span, inner);
  let changed = false;
  for (const { id, start, end } of top) {
    if (id === SEGMENT) changed = eraser.segment(start, end) || changed;
    else if (isWhole && id !== EBML && id !== VOID) throw new HubError('106', 'a part of it is not known');
  }
  return { changed, end: top.at(-1)?.end ?? 0 };
}

class EbmlEraser {
  constructor(
    private readonly span: Span,
    private readonly inner: PngInner,
  ) {}

  segment(from: number, to: number): boolean {
    let changed = false;
    for (let at = from; at < to;) {
      // In sequence: a cluster of unknown size ends before the next element that cannot be its child.
      const [element] = elementRow(this.span, at, to, 1).elements;
      if (!element || element.declaredEnd > to)
        throw new HubError('106', 'the EBML elements cannot be followed to their end');
      at = element.id === CLUSTER ? this.cluster(element) : element.end;
      changed = this.part(element) || changed;
    }
    return changed;
  }

  private part(element: Element): boolean {
    const { id, start, end } = element;
    if (id === CLUSTER || id === VOID || id === CRC) return id === VOID && this.emptied(element);
    if (IN_A_DESCRIPTION.has(id)) return this.description(element, 0);
    if (OF_THE_FILM.has(id)) {
      if (element.isOpen || this.mentionsPlace(start, end))
        throw new HubError('106', 'it names a place beside its film in a way that is not known');
      return false;
    }
    return id === CHAPTERS && !this.mentionsPlace(start, end) ? false : this.makeVoid(element);
  }

  /** @returns its end */
  private cluster({ start, end, isOpen }: Element): number {
    for (let at = start; at < end;) {
      const { elements, isWhole } = elementRow(this.span, at, end);
      const other = elements.find(({ id }) => !IN_A_CLUSTER.has(id));
      if (other && isOpen) return other.at;
      const last = elements.at(-1);
      if (other || !last || (!isWhole && last.declaredEnd >= end))
        throw new HubError('106', 'a Matroska cluster cannot be followed to its end');
      at = last.end;
    }
    return end;
  }

  /** Tags may be nested. */
  private description(element: Element, depth: number): boolean {
    const { elements, isWhole } = elementRow(this.span, element.start, element.end);
    const mayHave = IN_A_DESCRIPTION.get(element.id);
    if (!isWhole || element.isOpen || depth > MAX_DEPTH) return this.makeVoid(element);
    if (element.id === SIMPLE_TAG && this.namesPlace(elements)) return this.makeVoid(element);
    let changed = false;
    for (const child of elements) {
      if (child.id === CRC) continue;
      if (child.id === VOID) changed = this.emptied(child) || changed;
      else if (mayHave?.has(child.id)) changed = this.inDescription(child, depth) || changed;
      else changed = this.makeVoid(child) || changed;
    }
    if (changed) this.renewChecksum(element, elements[0]);
    return changed;
  }

  private inDescription(child: Element, depth: number): boolean {
    if (IN_A_DESCRIPTION.has(child.id)) return this.description(child, depth + 1);
    if (child.id === FILE_DATA || child.id === TAG_BINARY) return this.rewritten(child);
    return this.mentionsPlace(child.start, child.end) && this.makeVoid(child);
  }

  private namesPlace(children: Element[]): boolean {
    const text = (id: number) => {
      const found = children.find((child) => child.id === id);
      if (!found) return '';
      return this.span.read(found.start, Math.min(found.end - found.start, MAX_TEXT)).toString('utf8');
    };
    const name = text(TAG_NAME);
    return (
      isPlaceName(name.split(/[.:]/).at(-1) ?? '') || isPlaceName(name) || mentionsPlace(text(TAG_STRING))
    );
  }

  private mentionsPlace(from: number, to: number): boolean {
    return bytesMentionPlace(this.span.read(from, Math.min(to - from, MAX_VALUE)));
  }

  /** A void element of the given size, header included. */
  private makeVoid({ at, end }: Element): true {
    const length = end - at;
    if (length > MAX_VALUE) throw new HubError('106', 'too much beside its film');
    const bytes = Buffer.alloc(length);
    bytes[0] = VOID;
    if (length - 2 < 0x7f) bytes[1] = 0x80 | (length - 2);
    else bytes.writeBigUInt64BE((1n << 56n) | BigInt(length - 9), 1);
    this.span.write(at, bytes);
    return true;
  }

  /** Clears a void element that contains a location: a program may have deleted an element by changing its id only. */
  private emptied(element: Element): boolean {
    return this.mentionsPlace(element.start, element.end) && this.makeVoid(element);
  }

  private rewritten({ start, end }: Element): boolean {
    if (end - start > MAX_VALUE) throw new HubError('106', 'too much is attached to it');
    const bytes = this.span.read(start, end - start);
    if (!this.inner.unknown(bytes)) return false;
    this.span.write(start, bytes);
    return true;
  }

  /** The first child of an element may be a checksum of the other children. */
  private renewChecksum({ end }: Element, first: Element | undefined): void {
    if (first?.id !== CRC || first.end - first.start !== 4 || end - first.end > MAX_VALUE) return;
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(crc32(this.span.read(first.end, end - first.end)));
    this.span.write(first.start, sum);
  }
}
