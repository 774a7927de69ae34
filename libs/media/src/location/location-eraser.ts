/** Removes locations from a file: first by its own structure, then from images, videos and metadata embedded in it. */
import { HubError } from '#protocol';
import { CONTAINERS, containerOf, type Erased } from './containers.js';
import { eraseFromIptc, isRecords, photoshopResources, RESOURCE } from './iptc.js';
import { bytesMentionPlace } from './location-names.js';
import type { PngInner } from './png.js';
import { eraseFromExif, eraseFromTiffFile } from './tiff.js';
import { isTiff } from './tiff-reader.js';
import { eraseFromXmp } from './xmp.js';

/** Maximum nesting, such as an image in the metadata of an image. */
const MAX_DEPTH = 4;
/** Maximum number of embedded containers; more of them are no real images and only cost time. */
const MAX_FOUND = 300;
const MAX_XMP_BYTES = 1024 * 1024;
const XML_HEAD_BYTES = 32;
/** Maximum size of an Exif block, bytes. A JPEG segment, which can hold one, is smaller. */
const MAX_EXIF_BYTES = 128 * 1024;
const [IPTC, EXIF, EXIF_3, XMP] = [0x0404, 0x0422, 0x0423, 0x0424];

/** Signatures of embedded containers, and how far before the signature the container begins. */
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

  /** Photoshop image resources, or IPTC records alone. */
  photoshop(bytes: Buffer, isWhole = true): boolean {
    if (isRecords(bytes)) return this.iptc(bytes);
    const { resources, rest } = photoshopResources(bytes);
    let changed = false;
    for (const { id, data } of resources) changed = this.resource(id, data) || changed;
    // After a damaged resource the content of the rest is unknown.
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

  /** A whole file other than TIFF. @returns undefined when it contains a location that cannot be removed */
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

  /** Data of unknown structure: known containers in it, and text between them. */
  unknown(bytes: Buffer): boolean {
    return this.swept(bytes, bytesMentionPlace);
  }

  /** After an image only complete images and videos are kept: no reader needs the rest. */
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
      // Anything may be at the beginning.
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

  /** @returns undefined when the bytes do not begin like a container */
  container(bytes: Buffer): Erased | undefined {
    const isWhole = this.depth === 0;
    const name = containerOf(bytes, isWhole);
    if (name) return CONTAINERS[name].erase(bytes, this, isWhole);
    return this.description(bytes);
  }

  /** Exif and XMP outside a container. */
  private description(bytes: Buffer): Erased | undefined {
    const head = bytes.toString('latin1', 0, 6);
    const tiff = head === 'Exif\0\0' ? 6 : 0;
    // The end of the block is unknown: only bytes to which it refers are overwritten.
    const done = isTiff(bytes, tiff)
      ? eraseFromTiffFile(bytes.subarray(tiff, MAX_EXIF_BYTES), this, false)
      : 'unreadable';
    if (tiff > 0 && done === 'unreadable')
      throw new HubError('106', 'the Exif data cannot be followed to their end');
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
 * Beginning of XML text: "<", a letter or mark, and more text, in characters of any width. One byte is not enough: compressed
 * image data begins with "<" by chance.
 */
function beginsAsXml(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, XML_HEAD_BYTES).replaceAll('\0', '');
  return /^<[?!A-Za-z_][\s\x20-\x7e]{6}/.test(head);
}

/** End of text without a proper end: where bytes stop being text. */
function textLength(bytes: Buffer): number {
  const at = bytes.findIndex((byte) => byte === 0 || byte === 0xff);
  return at < 0 ? bytes.length : at;
}

/** Finds the next possible beginning of a container. Each signature is searched only from its last match on. */
class Marks {
  private readonly found = MARKS.map(() => -1);

  constructor(private readonly bytes: Buffer) {}

  /** The length of the data, if there is none. */
  next(from: number): number {
    for (const [n, [mark, before]] of MARKS.entries()) {
      if ((this.found[n] ?? 0) >= from) continue;
      const at = this.bytes.indexOf(mark, from + before);
      this.found[n] = at < 0 ? this.bytes.length : at - before;
    }
    return Math.min(...this.found);
  }
}
