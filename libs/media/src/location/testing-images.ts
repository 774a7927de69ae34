/** For tests: pictures of every container that say where they were made, wherever it can be said in them. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { heicWithPlace } from './testing-heic.js';
import {
  chunk,
  exifBlock,
  gifWithXmp,
  iptc,
  ISO_6709,
  itxt,
  jpegWith,
  photoshop,
  pngWith,
  rawProfile,
  segment,
  withPlace,
  XMP,
  xmpOf,
} from './testing.js';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const EXIF = latin1('Exif\0\0');
const XMP_HEAD = latin1('http://ns.adobe.com/xap/1.0/\0');
const inUtf16 = (text: string) => Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from(text, 'utf16le')]);
const bigEndian = (text: string) =>
  Buffer.concat([Buffer.from('feff', 'hex'), Buffer.from(text, 'utf16le').swap16()]);

function extendedXmp(): Buffer[] {
  const more = Buffer.from(
    `<x:xmpmeta xmlns:x="adobe:ns:meta/">${' '.repeat(60_000)}${XMP.slice(XMP.indexOf('<rdf:RDF'), XMP.indexOf('</x:xmpmeta>'))}${' '.repeat(30_000)}</x:xmpmeta>`,
  );
  const guid = createHash('md5').update(more).digest('hex').toUpperCase();
  const part = (at: number, length: number) => {
    const numbers = Buffer.alloc(8);
    numbers.writeUInt32BE(more.length, 0);
    numbers.writeUInt32BE(at, 4);
    const content = more.subarray(at, at + length);
    return segment(
      0xe1,
      Buffer.concat([latin1(`http://ns.adobe.com/xmp/extension/\0${guid}`), numbers, content]),
    );
  };
  // The border of the two lies inside the coordinates.
  const border = more.indexOf('GPSLatitude') + 16;
  return [part(0, border), part(border, more.length - border)];
}

/** Each with a place, by a name that says where it lies. */
export const pictures: Record<string, () => Promise<Buffer>> = {
  'JPEG, Exif and XMP': () => withPlace('jpeg'),
  'JPEG, XMP under another prefix': () =>
    jpegWith(segment(0xe1, Buffer.concat([XMP_HEAD, Buffer.from(xmpOf('zz'))]))),
  'JPEG, XMP in UTF-16': () => jpegWith(segment(0xe1, Buffer.concat([XMP_HEAD, inUtf16(XMP)]))),
  'JPEG, XMP in UTF-16, the other way': () =>
    jpegWith(segment(0xe1, Buffer.concat([XMP_HEAD, bigEndian(XMP)]))),
  'JPEG, XMP that is cut off': () =>
    jpegWith(segment(0xe1, Buffer.concat([XMP_HEAD, Buffer.from(XMP.slice(0, -60))]))),
  'JPEG, XMP in two segments': () => jpegWith(...extendedXmp()),
  'JPEG, a place of IPTC': () =>
    jpegWith(
      segment(0xed, photoshop(0x0404, iptc([90, 'Tiananmen'], [92, 'Tiananmen square'], [120, 'a caption']))),
    ),
  'JPEG, Exif in a resource of Photoshop': async () =>
    jpegWith(segment(0xed, photoshop(0x0422, await exifBlock()))),
  'JPEG, Exif in a segment of another number': async () =>
    jpegWith(segment(0xe5, Buffer.concat([EXIF, await exifBlock()]))),
  'JPEG, a comment': () => jpegWith(segment(0xfe, latin1(`GPSLatitude=39.9 at ${ISO_6709}`))),
  'JPEG with a second picture behind it': async () =>
    Buffer.concat([await jpegWith(), await withPlace('jpeg')]),
  'JPEG with a picture in its Exif': async () => {
    const thumbnail = await withPlace('jpeg');
    const tiff = Buffer.alloc(40);
    tiff.write('II*\0', 0, 'latin1');
    tiff.writeUInt32LE(8, 4);
    tiff.writeUInt16LE(2, 8);
    [
      [0x0201, 4, 1, 38],
      [0x0202, 4, 1, thumbnail.length],
    ].forEach(([tag = 0, type = 0, count = 0, value = 0], n) => {
      tiff.writeUInt16LE(tag, 10 + n * 12);
      tiff.writeUInt16LE(type, 12 + n * 12);
      tiff.writeUInt32LE(count, 14 + n * 12);
      tiff.writeUInt32LE(value, 18 + n * 12);
    });
    return jpegWith(segment(0xe1, Buffer.concat([EXIF, tiff.subarray(0, 38), thumbnail])));
  },
  'PNG, eXIf and XMP': () => withPlace('png'),
  'PNG, XMP open': () => pngWith(itxt('XML:com.adobe.xmp', XMP, false)),
  'PNG, XMP packed': () => pngWith(itxt('XML:com.adobe.xmp', XMP, true)),
  'PNG, raw profile packed': async () =>
    pngWith(
      chunk(
        'zTXt',
        Buffer.concat([
          latin1('Raw profile type exif\0\0'),
          deflateSync(rawProfile('exif', Buffer.concat([EXIF, await exifBlock()]))),
        ]),
      ),
    ),
  'PNG, raw profile open': async () =>
    pngWith(
      chunk(
        'tEXt',
        Buffer.concat([
          latin1('Raw profile type APP1\0'),
          rawProfile('generic', Buffer.concat([EXIF, await exifBlock()])),
        ]),
      ),
    ),
  'PNG, raw profile of XMP': () =>
    pngWith(
      chunk(
        'zTXt',
        Buffer.concat([latin1('Raw profile type xmp\0\0'), deflateSync(rawProfile('xmp', Buffer.from(XMP)))]),
      ),
    ),
  'PNG, properties as ImageMagick writes them': () =>
    pngWith(chunk('tEXt', latin1('exif:GPSLatitude\x0039/1,54/1,2615/100 39,54.4353N'))),
  'PNG, a chunk that nobody knows': async () =>
    pngWith(chunk('prVt', Buffer.concat([EXIF, await exifBlock()]))),
  'PNG with something behind its end': async () => Buffer.concat([await pngWith(), await withPlace('jpeg')]),
  'WebP, EXIF and XMP': () => withPlace('webp'),
  'GIF, XMP': () => gifWithXmp(),
  'TIFF, Exif and XMP': () => withPlace('tiff'),
  'AVIF, items of Exif and XMP': () => withPlace('avif'),
  'HEIC, items of Exif and XMP': () => heicWithPlace(),
  'HEIC, items in the box of data': () => heicWithPlace(true),
};

/** All frames, by a decoder that is not ours; undefined: it does not decode them. */
export async function pixels(bytes: Buffer): Promise<Buffer | undefined> {
  try {
    return await sharp(bytes, { failOn: 'error', animated: true }).raw().toBuffer();
  } catch (error) {
    if (!(error as Error).message) throw error;
    return undefined;
  }
}

/** Whether it is taken for a picture at all. */
export async function opens(bytes: Buffer): Promise<boolean> {
  const found = await sharp(bytes, { failOn: 'none' })
    .metadata()
    .catch((error: Error) => error.message);
  return typeof found !== 'string';
}
