/** Files of a real ffmpeg and of sharp: the content determines the type, and the dimensions are those that are shown. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFfmpeg, required } from '#engines';
import { inspect } from '../inspect.js';
import { box, canvas, chunk, film } from '../location/testing.js';
import { MediaTools } from '../tools.js';

let folder: string;
let ffmpeg: string;
let tools: MediaTools;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-types-'));
  const found = required('ffmpeg', await findFfmpeg(() => undefined)).paths;
  ({ ffmpeg } = found);
  tools = (await MediaTools.find({ FFMPEG: found.ffmpeg, FFPROBE: found.ffprobe })) as MediaTools;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Under a name that says nothing. */
async function inspected(content: Buffer) {
  const path = join(folder, 'it');
  writeFileSync(path, content);
  return inspect(path, content.length, tools);
}

const SOUND = ['-map', '1:a', '-ac', '1'];
const SAMSUNG = ['-s', '176x144', '-c:v', 'h263', '-c:a', 'aac'];
const kinds: [type: string, name: string, args: string[]][] = [
  ['video/webm', 'a.webm', ['-c:v', 'libvpx', '-c:a', 'libopus']],
  ['audio/webm', 'b.webm', [...SOUND, '-c:a', 'libopus']],
  ['video/3gpp', 'a.3gp', SAMSUNG],
  ['audio/3gpp', 'b.3gp', [...SOUND, '-ar', '8000', '-c:a', 'libopencore_amrnb']],
  ['audio/amr', 'a.amr', [...SOUND, '-ar', '8000', '-c:a', 'libopencore_amrnb']],
  ['video/mp4', 'a.mp4', []],
  ['audio/mp4', 'b.mp4', [...SOUND, '-c:a', 'aac']],
  ['audio/mp4', 'a.m4a', [...SOUND, '-c:a', 'aac']],
  ['video/mp4', 'b.m4v', []],
  ['video/quicktime', 'a.mov', []],
  ['audio/mp4', 'b.mov', [...SOUND, '-c:a', 'aac']],
  ['audio/ogg', 'a.ogg', [...SOUND, '-c:a', 'libopus']],
  ['audio/ogg; codecs=vorbis', 'b.ogg', [...SOUND, '-c:a', 'libvorbis']],
  ['audio/ogg; codecs=speex', 'c.ogg', [...SOUND, '-ar', '16000', '-c:a', 'libspeex']],
  ['audio/ogg; codecs=flac', 'd.ogg', [...SOUND, '-c:a', 'flac']],
  ['video/ogg', 'e.ogv', ['-c:v', 'libtheora', '-c:a', 'libvorbis']],
  ['video/matroska', 'a.mkv', []],
];

describe('the tracks determine whether a file is video or audio', () => {
  test.each(kinds)('%s in %s', async (type, name, args) => {
    const found = await inspected(film(ffmpeg, folder, name, ...args));
    expect(found.contentType).toBe(type);
    expect(found.meta.width === undefined).toBe(!type.startsWith('video/'));
  });

  test('AMR of the wide band', async () => {
    const frames = Buffer.concat(
      Array.from({ length: 50 }, () => Buffer.concat([Buffer.from([0x04]), Buffer.alloc(17)])),
    );
    expect((await inspected(Buffer.concat([Buffer.from('#!AMR-WB\n'), frames]))).contentType).toBe(
      'audio/amr-wb',
    );
  });

  test('a sound with a cover is no film', async () => {
    writeFileSync(join(folder, 'cover.jpg'), await canvas().jpeg().toBuffer());
    const inputs = [
      '-f',
      'lavfi',
      '-i',
      'sine=d=1',
      '-i',
      join(folder, 'cover.jpg'),
      '-map',
      '0',
      '-map',
      '1',
    ];
    const path = join(folder, 'cover.m4a');
    execFileSync(ffmpeg, [
      '-v',
      'error',
      '-y',
      ...inputs,
      '-c:v',
      'copy',
      '-disposition:v',
      'attached_pic',
      path,
    ]);
    expect((await inspected(readFileSync(path))).meta.width).toBeUndefined();
  });
});

describe('width and height are those that are shown', () => {
  test.each([
    [0, 64, 48],
    [90, 48, 64],
    [180, 64, 48],
    [270, 48, 64],
  ])('of a film that is turned by %i degrees', async (degrees, width, height) => {
    const path = join(folder, `turned-${degrees}.mp4`);
    film(ffmpeg, folder, 'straight.mp4');
    execFileSync(ffmpeg, [
      '-v',
      'error',
      '-y',
      '-i',
      join(folder, 'straight.mp4'),
      '-c',
      'copy',
      '-metadata:s:v',
      `rotate=${degrees}`,
      path,
    ]);
    copyFileSync(path, join(folder, 'it'));
    const { meta } = await inspect(join(folder, 'it'), statSync(path).size, tools);
    expect(meta).toMatchObject({ width, height });
  });

  test.each([1, 3, 6, 8])('of a JPEG with the orientation %i', async (orientation) => {
    const { meta } = await inspected(await canvas(40, 20).withMetadata({ orientation }).jpeg().toBuffer());
    expect(meta).toEqual(orientation >= 5 ? { width: 20, height: 40 } : { width: 40, height: 20 });
  });

  test.each([0, 1, 2, 3])('of a HEIC that is turned by %i quarters', async (quarters) => {
    const { contentType, meta } = await inspected(heic(40, 20, quarters));
    expect(contentType).toBe('image/heic');
    expect(meta).toEqual(quarters % 2 === 1 ? { width: 20, height: 40 } : { width: 40, height: 20 });
  });
});

/** No pixels: its boxes alone, under the brand that says nothing of the coding. */
function heic(width: number, height: number, quarters: number): Buffer {
  const bytes = (...values: number[]) => Buffer.from(values);
  const size = Buffer.alloc(12);
  size.writeUInt32BE(width, 4);
  size.writeUInt32BE(height, 8);
  const infe = box('infe', bytes(2, 0, 0, 0, 0, 1, 0, 0), Buffer.from('hvc1\0', 'latin1'));
  const meta = box(
    'meta',
    bytes(0, 0, 0, 0),
    box('hdlr', Buffer.alloc(8), Buffer.from('pict', 'latin1'), Buffer.alloc(13)),
    box('pitm', bytes(0, 0, 0, 0, 0, 1)),
    box('iinf', bytes(0, 0, 0, 0, 0, 1), infe),
    box('iloc', bytes(0, 0, 0, 0, 0x44, 0, 0, 1, 0, 1, 0, 0, 0, 0)),
    box(
      'iprp',
      box('ipco', box('ispe', size), box('irot', bytes(quarters))),
      box('ipma', bytes(0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0x81, 0x82)),
    ),
  );
  return Buffer.concat([box('ftyp', Buffer.from('mif1\0\0\0\0mif1', 'latin1')), meta]);
}

describe('pictures', () => {
  test.each([
    ['image/avif', () => canvas().avif().toBuffer()],
    ['image/webp', () => canvas().webp().toBuffer()],
    ['image/gif', () => canvas().gif().toBuffer()],
  ] as const)('%s', async (type, make) => {
    expect((await inspected(await make())).contentType).toBe(type);
  });

  test('a PNG that moves is a PNG', async () => {
    const png = await canvas().png().toBuffer();
    const moving = Buffer.concat([
      png.subarray(0, 33),
      chunk('acTL', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0])),
      png.subarray(33),
    ]);
    expect((await inspected(moving)).contentType).toBe('image/png');
  });
});
