/** For tests: pictures, films and sounds that say where they were made, and an independent look for it in what came out. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

export const LATITUDE = '39,54.4353N';
export const LONGITUDE = '116,23.4851E';
export const ISO_6709 = '+39.9072+116.3914+044.000/';
const GPS = {
  GPSLatitudeRef: 'N',
  GPSLatitude: '39/1 54/1 15/1',
  GPSLongitudeRef: 'E',
  GPSLongitude: '116/1 23/1 29/1',
};
/** 39/1 54/1, of either byte order. */
const RATIONALS = ['2700000001000000360000000100000', '0000002700000001000000360000000'].map((hex) =>
  Buffer.from(hex.slice(0, 30), 'hex'),
);

export const XMP = xmpOf('exif');

/** @param prefix of the namespace of Exif */
export function xmpOf(prefix: string): string {
  return (
    `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
    `<rdf:Description rdf:about="" xmlns:${prefix}="http://ns.adobe.com/exif/1.0/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Make="Nokia" ${prefix}:GPSLatitude='${LATITUDE}'>` +
    `<${prefix}:GPSLongitude>${LONGITUDE}</${prefix}:GPSLongitude></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
  );
}

export function canvas(width = 48, height = 32): Sharp {
  const noise = { type: 'gaussian' as const, mean: 120, sigma: 25 };
  return sharp({ create: { width, height, channels: 3, background: '#a33', noise } });
}

export function withPlace(format: 'jpeg' | 'png' | 'webp' | 'tiff' | 'avif'): Promise<Buffer> {
  const exif = { IFD0: { Make: 'Nokia', Orientation: '6' }, IFD3: GPS };
  return canvas().withExif(exif).withXmp(XMP).toFormat(format).toBuffer();
}

/** The block by itself, as it lies in a JPEG. */
export async function exifBlock(): Promise<Buffer> {
  const { exif } = await sharp(await withPlace('jpeg')).metadata();
  if (!exif) throw new Error('no Exif was written');
  return exif.subarray(exif.indexOf('Exif\0\0') === 0 ? 6 : 0);
}

export function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}

/** With a chunk of its own right after the header. */
export async function pngWith(...chunks: Buffer[]): Promise<Buffer> {
  const png = await canvas().png().toBuffer();
  return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
}

export function rawProfile(kind: string, content: Buffer): Buffer {
  const digits = content.toString('hex').replace(/(.{72})/g, '$1\n');
  return Buffer.from(`\n${kind}\n${String(content.length).padStart(8)}\n${digits}\n`);
}

export function itxt(keyword: string, text: string, packed: boolean): Buffer {
  const head = Buffer.from(`${keyword}\0${packed ? '\x01' : '\0'}\0\0\0`, 'latin1');
  return chunk('iTXt', Buffer.concat([head, packed ? deflateSync(text) : Buffer.from(text)]));
}

export function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

export async function jpegWith(...segments: Buffer[]): Promise<Buffer> {
  const jpeg = await canvas().jpeg().toBuffer();
  return Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);
}

/** So many frames; XMP as Adobe writes it, with the bytes that lead out of it. */
export async function gifWithXmp(): Promise<Buffer> {
  const gif = await canvas().gif().toBuffer();
  const after = Buffer.from([1, ...Array.from({ length: 256 }, (_, n) => 255 - n), 0]);
  const extension = Buffer.concat([
    Buffer.from([0x21, 0xff, 11]),
    Buffer.from(`XMP DataXMP${XMP}`, 'latin1'),
    after,
  ]);
  const header = 13 + ((gif[10] ?? 0) & 0x80 ? 3 << (((gif[10] ?? 0) & 7) + 1) : 0);
  return Buffer.concat([gif.subarray(0, header), extension, gif.subarray(header)]);
}

export function iptc(...fields: [number, string][]): Buffer {
  return Buffer.concat(
    fields.map(([dataset, value]) => {
      const head = Buffer.from([0x1c, 2, dataset, 0, 0]);
      head.writeUInt16BE(Buffer.byteLength(value), 3);
      return Buffer.concat([head, Buffer.from(value)]);
    }),
  );
}

export function photoshop(id: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.write('8BIM', 0, 'latin1');
  head.writeUInt16BE(id, 4);
  head.writeUInt32BE(data.length, 8);
  return Buffer.concat([Buffer.from('Photoshop 3.0\0', 'latin1'), head, data, Buffer.alloc(data.length % 2)]);
}

/** A film of a second in any container that ffmpeg makes. */
export function film(ffmpeg: string, folder: string, name: string, ...args: string[]): Buffer {
  const path = join(folder, name);
  const source = ['-f', 'lavfi', '-i', 'testsrc=s=64x48:d=1:r=5', '-f', 'lavfi', '-i', 'sine=f=440:d=1'];
  execFileSync(ffmpeg, ['-v', 'error', '-y', ...source, '-shortest', ...args, path]);
  return readFileSync(path);
}

export function box(type: string, ...content: Buffer[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.reduce((sum, { length }) => sum + length, 0), 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...content]);
}

/** Where a place is still found, in any form that a reader may look for. */
export function placesLeft(bytes: Buffer): string[] {
  const left: string[] = [];
  const texts = [LATITUDE, LONGITUDE, ISO_6709, '+39.9072', 'Tiananmen'];
  const look = (content: Buffer, where: string) => {
    for (const text of texts)
      for (const encoding of ['latin1', 'utf16le'] as const)
        if (content.includes(Buffer.from(text, encoding))) left.push(`${where}: ${text} (${encoding})`);
    const big = Buffer.from(LATITUDE, 'utf16le').swap16();
    if (content.includes(big)) left.push(`${where}: UTF-16BE`);
    // Fixed point, as `loci` has them.
    for (const hex of ['0074642', '00746432', '0027e83'])
      if (content.includes('loci') && content.toString('hex').includes(hex)) left.push(`${where}: loci`);
    for (const rationals of RATIONALS) if (content.includes(rationals)) left.push(`${where}: rationals`);
  };
  look(bytes, 'bytes');
  for (const text of packedTexts(bytes)) {
    look(text, 'packed');
    const digits = text.toString('latin1').split('\n').slice(3).join('');
    if (/^[0-9a-f]+$/i.test(digits)) look(Buffer.from(digits, 'hex'), 'raw profile');
  }
  return left;
}

/** Texts of a PNG, packed or not. */
function packedTexts(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (const { type, data } of chunksOf(bytes)) {
    const end = data.indexOf(0);
    if (type === 'tEXt') found.push(data.subarray(end + 1));
    if (type !== 'zTXt' && type !== 'iTXt') continue;
    try {
      found.push(inflateSync(data.subarray(type === 'zTXt' ? end + 2 : end + 5)));
    } catch (error) {
      // Not packed, or damaged: nobody reads it.
      if (!(error as NodeJS.ErrnoException).code?.startsWith('Z_')) throw error;
    }
  }
  return found;
}

export function chunksOf(bytes: Buffer): { type: string; data: Buffer; isRight: boolean }[] {
  const found: { type: string; data: Buffer; isRight: boolean }[] = [];
  if (bytes.toString('latin1', 1, 4) !== 'PNG') return found;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (at + 12 + length > bytes.length) break;
    const isRight = crc32(bytes.subarray(at + 4, at + 8 + length)) === bytes.readUInt32BE(at + 8 + length);
    found.push({
      type: bytes.toString('latin1', at + 4, at + 8),
      data: bytes.subarray(at + 8, at + 8 + length),
      isRight,
    });
    at += 12 + length;
  }
  return found;
}
