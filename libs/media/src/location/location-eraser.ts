/** Takes places out of whatever a file is: its own structure first, then the pictures, films and descriptions that lie in it. */
import { HubError } from '#protocol';
import { CONTAINERS, containerOf, type Erased } from './containers.js';
import { eraseFromIptc, isRecords, photoshopResources, RESOURCE } from './iptc.js';
import { bytesMentionPlace } from './location-names.js';
import type { PngInner } from './png.js';
import { eraseFromExif, eraseFromTiffFile } from './tiff.js';
import { isTiff } from './tiff-reader.js';
import { eraseFromXmp } from './xmp.js';

/** A picture in a description of a picture, and no further. */
const MAX_DEPTH = 4;
/** More than that in one file are no pictures; they only cost time. */
const MAX_FOUND = 300;
const MAX_XMP_BYTES = 1024 * 1024;
const XML_HEAD_BYTES = 32;
/** A segment of JPEG has less. */
const MAX_EXIF_BYTES = 128 * 1024;
const [IPTC, EXIF, EXIF_3, XMP] = [0x0404, 0x0422, 0x0423, 0x0424];

/** How something begins that may lie anywhere in a file, and how far before this mark. */
const MARKS = [
  [Buffer.from('ffd8ff', 'hex'), 0],
  [Buffer.from('89504e470d0a1a0a', 'hex'), 0],
  [Buffer.from('ftyp', 'latin1'), 4],
  [Buffer.from('RIFF', 'latin1'), 0],
  [Buffer.from('Exif\0\0', 'latin1'), 0],
  [Buffer.from('II*\0', 'latin1'), 0],
  [Buffer.from('MM\0*', 'latin1'), 0],
  [Buffer.from('8BIM', 'latin1'), 0],
  [Buffer.from('<x:xmpmeta', 'latin1'), 0],
  [Buffer.from('<?xpacket begin', 'latin1'), 0],
  [Buffer.from('<rdf:RDF', 'latin1'), 0],
] as const;

export class PlaceEraser implements PngInner {
  constructor(private readonly depth = 0) {}

  xmp(packet: Buffer): boolean {
    return eraseFromXmp(packet);
  }

  iptc(records: Buffer): boolean {
    return eraseFromIptc(records);
  }

  exif(block: Buffer): boolean {
    return eraseFromExif(block, this);
  }

  /** Image resources, or bare IPTC records. */
  photoshop(bytes: Buffer, isWhole = true): boolean {
    if (isRecords(bytes)) return this.iptc(bytes);
    const { resources, rest } = photoshopResources(bytes);
    let changed = false;
    for (const { id, data } of resources) changed = this.resource(id, data) || changed;
    // Behind a damaged one nobody can say what is there.
    return (isWhole && rest.some((byte) => byte !== 0) && rest.fill(0).length > 0) || changed;
  }

  private resource(id: number, data: Buffer): boolean {
    switch (id) {
      case IPTC:
        return this.iptc(data);
      case EXIF:
      case EXIF_3:
        return this.exif(data);
      case XMP:
        return this.xmp(data);
      default:
        return isRecords(data) ? this.iptc(data) : this.unknown(data);
    }
  }

  /** A whole file, that is no TIFF. @returns undefined when it names a place in a way that cannot be taken out */
  file(bytes: Buffer): boolean | undefined {
    const own = this.container(bytes);
    if (own) {
      const rest = bytes.subarray(own.end);
      if (!own.goesOn) return this.trailer(rest) || own.changed;
      const changed = this.embedded(rest) || own.changed;
      return bytesMentionPlace(rest) ? undefined : changed;
    }
    const changed = this.embedded(bytes);
    return bytesMentionPlace(bytes) ? undefined : changed;
  }

  picture(bytes: Buffer): boolean {
    return this.unknown(bytes);
  }

  /** What has no structure of its own, or one that is not known: whatever is known in it, and text between. */
  unknown(bytes: Buffer): boolean {
    return this.swept(bytes, bytesMentionPlace);
  }

  /** Behind a picture only whole pictures and films stay: no reader of the picture needs the rest. */
  private trailer(bytes: Buffer): boolean {
    return this.swept(bytes, (between) => between.some((byte) => byte !== 0));
  }

  embedded(bytes: Buffer): boolean {
    return this.swept(bytes, () => false);
  }

  private swept(bytes: Buffer, mentions: (bytes: Buffer) => boolean): boolean {
    if (this.depth >= MAX_DEPTH) return false;
    const inner = new PlaceEraser(this.depth + 1);
    const marks = new Marks(bytes);
    let changed = false;
    let at = 0;
    for (let found = 0; at < bytes.length; found++) {
      // At the very beginning anything may stand.
      const next = found === 0 ? 0 : found < MAX_FOUND ? marks.next(at) : bytes.length;
      const container = next < bytes.length ? inner.container(bytes.subarray(next)) : undefined;
      if (found === 0 && !container) continue;
      const end = container ? next + Math.max(container.end, 1) : Math.min(next + 1, bytes.length);
      const between = bytes.subarray(at, container ? next : end);
      if (mentions(between)) changed = between.fill(0).length > 0 || changed;
      changed = container?.changed || changed;
      at = end;
    }
    return changed;
  }

  /** undefined: it does not begin as one. */
  container(bytes: Buffer): Erased | undefined {
    const isWhole = this.depth === 0;
    const name = containerOf(bytes, isWhole);
    if (name) return CONTAINERS[name].erase(bytes, this, isWhole);
    return this.description(bytes);
  }

  /** Exif and XMP by themselves. */
  private description(bytes: Buffer): Erased | undefined {
    const head = bytes.toString('latin1', 0, 6);
    const tiff = head === 'Exif\0\0' ? 6 : 0;
    // Where it ends is not known: nothing is written that it does not refer to.
    const done = isTiff(bytes, tiff)
      ? eraseFromTiffFile(bytes.subarray(tiff, MAX_EXIF_BYTES), this, false)
      : 'unreadable';
    if (tiff > 0 && done === 'unreadable') throw new HubError('106', 'its Exif cannot be followed');
    if (isTiff(bytes, tiff)) return { changed: done === 'erased', end: tiff + 8, goesOn: true };
    if (head.startsWith(RESOURCE))
      return { changed: this.photoshop(bytes, false), end: RESOURCE.length, goesOn: true };
    if (!beginsAsXml(bytes)) return undefined;
    const some = bytes.subarray(0, MAX_XMP_BYTES);
    const closes = ['</x:xmpmeta>', '</rdf:RDF>'].map(
      (tag) => [tag, some.indexOf(tag, 0, 'latin1')] as const,
    );
    const [tag, at] = closes.find(([, where]) => where >= 0) ?? ['', -1];
    const end = at < 0 ? textLength(some) : at + tag.length;
    return { changed: this.xmp(bytes.subarray(0, end)), end, goesOn: true };
  }
}

/**
 * "<", a letter or a mark, and more text, in any width of character. One byte alone proves nothing: the compressed data of
 * some pictures begins with "<" by chance.
 */
function beginsAsXml(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, XML_HEAD_BYTES).replaceAll('\0', '');
  return /^<[?!A-Za-z_][\s\x20-\x7e]{6}/.test(head);
}

/** Of what does not end as it should: as far as it is text. */
function textLength(bytes: Buffer): number {
  const at = bytes.findIndex((byte) => byte === 0 || byte === 0xff);
  return at < 0 ? bytes.length : at;
}

/** Where the next container may begin; each mark is looked for once from wherever it was last found. */
class Marks {
  private readonly found = MARKS.map(() => -1);

  constructor(private readonly bytes: Buffer) {}

  /** The length, if there is none. */
  next(from: number): number {
    for (const [n, [mark, before]] of MARKS.entries()) {
      if ((this.found[n] ?? 0) >= from) continue;
      const at = this.bytes.indexOf(mark, from + before);
      this.found[n] = at < 0 ? this.bytes.length : at - before;
    }
    return Math.min(...this.found);
  }
}
