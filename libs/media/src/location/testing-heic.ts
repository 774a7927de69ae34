/** For tests: a photograph as a phone makes it in HEIC: one picture in HEVC, an item of Exif and one of XMP. */
import { box, exifBlock, XMP } from './testing.js';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

function uint(width: 1 | 2 | 4, ...values: number[]): Buffer {
  const bytes = Buffer.alloc(width * values.length);
  values.forEach((value, n) => bytes.writeUIntBE(value, n * width, width));
  return bytes;
}

/** Bytes that no decoder is asked for, and that stand nowhere else. */
const SOME_CODING = Buffer.from(Array.from({ length: 600 }, (_, n) => (n * 89 + (n >> 3)) & 0xff));

interface Coded {
  /** The content of `hvcC`. */
  settings: Buffer;
  bytes: Buffer;
  width: number;
  height: number;
}

/** @param inIdat Exif and XMP lie in `idat`, after the table of locations has version 1 */
export async function heicWithPlace(inIdat = false, coded?: Coded): Promise<Buffer> {
  const { settings, bytes, width, height } = coded ?? {
    settings: Buffer.alloc(23, 1),
    bytes: SOME_CODING,
    width: 48,
    height: 32,
  };
  const exif = Buffer.concat([uint(4, 6), latin1('Exif\0\0'), await exifBlock()]);
  const words = [exif, Buffer.from(XMP)];
  const make = (mdat: number) => heic({ settings, width, height }, bytes, words, inIdat, mdat);
  // The positions do not change its length.
  const [head] = make(0);
  return Buffer.concat(make(head?.length ?? 0));
}

function heic(
  { settings, width, height }: Omit<Coded, 'bytes'>,
  coded: Buffer,
  words: Buffer[],
  inIdat: boolean,
  headLength: number,
): Buffer[] {
  const infe = (id: number, type: string, more: string) =>
    box('infe', uint(1, 2, 0, 0, 0), uint(2, id, 0), latin1(`${type}\0${more}`));
  const mdat = [coded, ...(inIdat ? [] : words)];
  let [inFile, inData] = [headLength + 8, 0];
  const places = [coded, ...words].map((bytes, n) => {
    const isInData = inIdat && n > 0;
    const at = isInData ? inData : inFile;
    if (isInData) inData += bytes.length;
    else inFile += bytes.length;
    const method = inIdat ? [uint(2, isInData ? 1 : 0)] : [];
    return Buffer.concat([uint(2, n + 1), ...method, uint(2, 0, 1), uint(4, at, bytes.length)]);
  });
  const meta = box(
    'meta',
    uint(4, 0),
    box('hdlr', Buffer.alloc(8), latin1('pict'), Buffer.alloc(13)),
    box('pitm', uint(4, 0), uint(2, 1)),
    box('iloc', uint(1, inIdat ? 1 : 0, 0, 0, 0, 0x44, 0), uint(2, places.length), ...places),
    box(
      'iinf',
      uint(4, 0),
      uint(2, places.length),
      infe(1, 'hvc1', ''),
      infe(2, 'Exif', ''),
      infe(3, 'mime', 'application/rdf+xml\0'),
    ),
    box('iref', uint(4, 0), box('cdsc', uint(2, 2, 1, 1)), box('cdsc', uint(2, 3, 1, 1))),
    box(
      'iprp',
      box('ipco', box('hvcC', settings), box('ispe', uint(4, 0, width, height))),
      box('ipma', uint(4, 0, 1), uint(2, 1), uint(1, 2, 0x81, 0x02)),
    ),
    ...(inIdat ? [box('idat', ...words)] : []),
  );
  const ftyp = box('ftyp', latin1('heic\0\0\0\0mif1heic'));
  return [Buffer.concat([ftyp, meta]), box('mdat', ...mdat)];
}
