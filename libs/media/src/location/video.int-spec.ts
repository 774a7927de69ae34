/** Places in films and sounds, on a real ffmpeg: taken out wherever they lie, and the medium still decodes to the same. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFfmpeg, required } from '#engines';
import { eraseLocation } from '../location-data.js';
import { box, canvas, film, ISO_6709, placesLeft, withPlace, XMP } from './testing.js';

let folder: string;
let ffmpeg: string;
let ffprobe: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-place-'));
  ({ ffmpeg, ffprobe } = required('ffmpeg', await findFfmpeg(() => undefined)).paths);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const latin1 = (text: string) => Buffer.from(text, 'latin1');

const MOV_KEYS = [
  '-movflags',
  'use_metadata_tags',
  '-metadata',
  `com.apple.quicktime.location.ISO6709=${ISO_6709}`,
];
const films: Record<string, [type: string, make: () => Buffer | Promise<Buffer>]> = {
  'MP4, ©xyz': [
    'video/mp4',
    () =>
      inMoov(
        film(ffmpeg, folder, 'a.mp4'),
        box('udta', box('\u00a9xyz', Buffer.from([0, ISO_6709.length, 0x15, 0xc7]), latin1(ISO_6709))),
      ),
  ],
  'MP4, loci': ['video/mp4', () => film(ffmpeg, folder, 'e.mp4', '-metadata', `location=${ISO_6709}`)],
  'QuickTime, ©xyz': [
    'video/quicktime',
    () => film(ffmpeg, folder, 'a.mov', '-metadata', `location=${ISO_6709}`),
  ],
  'QuickTime, keys': ['video/quicktime', () => film(ffmpeg, folder, 'b.mov', ...MOV_KEYS)],
  '3GP, loci': [
    'video/3gpp',
    () => {
      const made = film(ffmpeg, folder, 'a.3gp', '-s', '176x144', '-c:v', 'h263', '-c:a', 'aac');
      // Version, language, name, role, longitude, latitude, altitude.
      return inMoov(
        made,
        box(
          'udta',
          box(
            'loci',
            latin1('\0\0\0\0\x15\xc7Tiananmen\0\0'),
            Buffer.from('007464220027e83d00000000', 'hex'),
            latin1('earth\0\0'),
          ),
        ),
      );
    },
  ],
  'MP4, XMP': [
    'video/mp4',
    () =>
      Buffer.concat([
        film(ffmpeg, folder, 'c.mp4'),
        box('uuid', Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'), Buffer.from(XMP)),
      ]),
  ],
  'MP4, a cover picture': [
    'video/mp4',
    async () => {
      writeFileSync(join(folder, 'cover.jpg'), await withPlace('jpeg'));
      const out = join(folder, 'cover.m4a');
      execFileSync(ffmpeg, [
        '-v',
        'error',
        '-y',
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
        '-c:v',
        'copy',
        '-disposition:v',
        'attached_pic',
        out,
      ]);
      return readFileSync(out);
    },
  ],
  'WebM, a tag': [
    'video/webm',
    () =>
      film(
        ffmpeg,
        folder,
        'a.webm',
        '-c:v',
        'libvpx',
        '-c:a',
        'libopus',
        '-metadata',
        `LOCATION=${ISO_6709}`,
      ),
  ],
  'MP3, a frame of its own': [
    'audio/mpeg',
    () => film(ffmpeg, folder, 'a.mp3', '-map', '1:a', '-metadata', `location=${ISO_6709}`),
  ],
  'FLAC, a comment': [
    'audio/flac',
    () => film(ffmpeg, folder, 'a.flac', '-map', '1:a', '-metadata', `LOCATION=${ISO_6709}`),
  ],
  'Ogg, a comment': [
    'audio/ogg',
    () =>
      film(ffmpeg, folder, 'a.ogg', '-map', '1:a', '-c:a', 'libopus', '-metadata', `LOCATION=${ISO_6709}`),
  ],
  'JPEG with a film behind it': [
    'image/jpeg',
    async () =>
      Buffer.concat([
        await canvas().jpeg().toBuffer(),
        film(ffmpeg, folder, 'd.mp4', '-metadata', `location=${ISO_6709}`),
      ]),
  ],
};

/** At the end of `moov`, which must be the last box. */
function inMoov(file: Buffer, udta: Buffer): Buffer {
  const at = file.lastIndexOf('moov') - 4;
  const moov = Buffer.concat([file.subarray(at), udta]);
  moov.writeUInt32BE(moov.length, 0);
  return Buffer.concat([file.subarray(0, at), moov]);
}

/** A picture by itself: ffmpeg takes it for anything, with a film behind it. */
function decoded(path: string, type: string): string {
  const input = type === 'image/jpeg' ? ['-f', 'image2', '-c:v', 'mjpeg'] : [];
  const args = ['-v', 'error', '-xerror', ...input, '-i', path, '-f', 'framemd5', '-'];
  return execFileSync(ffmpeg, args)
    .toString()
    .replace(/^#.*\n/gm, '');
}

function tagsOf(path: string): string {
  return execFileSync(ffprobe, [
    '-v',
    'error',
    '-show_entries',
    'format_tags:stream_tags',
    '-of',
    'json',
    path,
  ]).toString();
}

describe('the place is taken out of a film or a sound', () => {
  test.each(Object.entries(films))('%s', async (_, [type, make]) => {
    const bytes = await make();
    const path = join(folder, 'film');
    writeFileSync(path, bytes);
    const before = decoded(path, type);
    expect(placesLeft(bytes)).not.toEqual([]);

    expect(await eraseLocation(path, bytes.length, type)).toBe(true);
    const after = readFileSync(path);
    expect(placesLeft(after)).toEqual([]);
    expect(after).toHaveLength(bytes.length);
    expect(decoded(path, type)).toBe(before);
    if (!type.startsWith('image/')) expect(tagsOf(path)).not.toMatch(/39\.|location/i);
    expect(await eraseLocation(path, bytes.length, type)).toBe(false);
  });
});
