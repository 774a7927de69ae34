/** Films and sounds of every container with damage of all kinds: refused, or without their place, and ffmpeg decodes what it did. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { findFfmpeg, required } from '#engines';
import { amount } from '../../../../test/support/amounts.js';
import { eraseLocation } from '../location-data.js';
import { MEDIA_TYPES } from '../tools.js';
import { containerOf, CONTAINERS, type ContainerName } from './containers.js';
import { heicWithPlace } from './testing-heic.js';
import { checkDamaged, damages, type Damage, type Reader } from './testing-damage.js';
import { box, film, ISO_6709, placesLeft, XMP } from './testing.js';

const RUNS = amount({ test: 3, torture: 200 });
const run = promisify(execFile);

let folder: string;
let ffmpeg: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hutong-damaged-'));
  ({ ffmpeg } = required('ffmpeg', await findFfmpeg(() => undefined)).paths);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const PLACE = ['-metadata', `location=${ISO_6709}`];
const TAG = ['-metadata', `LOCATION=${ISO_6709}`];
const SOUND = ['-map', '1:a', '-ac', '1'];
const FIRST = ['-movflags', '+faststart'];
const make = (name: string, ...args: string[]) => film(ffmpeg, folder, name, ...args);
const XYZ = box('udta', box('\u00a9xyz', Buffer.from([0, ISO_6709.length, 0x15, 0xc7]), latin1(ISO_6709)));

/** By media type: a container is never left out, since each has a film here or a picture in `damage.spec.ts`. */
const films: Record<string, (() => Buffer)[]> = {
  'video/mp4': [
    () => make('a.mp4', ...PLACE),
    () => make('b.mp4', ...FIRST, ...PLACE),
    () => inMoov(make('c.mp4'), XYZ),
    () =>
      Buffer.concat([
        make('d.mp4', ...FIRST),
        box('uuid', Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'), Buffer.from(XMP)),
      ]),
    () => make('e.mp4', '-movflags', 'frag_keyframe+empty_moov', ...PLACE),
    () => withSubtitles(),
  ],
  'video/quicktime': [
    () => make('a.mov', ...PLACE),
    () =>
      make(
        'b.mov',
        '-movflags',
        'use_metadata_tags',
        '-metadata',
        `com.apple.quicktime.location.ISO6709=${ISO_6709}`,
      ),
  ],
  'video/3gpp': [() => make('a.3gp', '-s', '176x144', '-c:v', 'h263', '-c:a', 'aac', ...PLACE)],
  'audio/3gpp': [() => make('b.3gp', ...SOUND, '-ar', '8000', '-c:a', 'libopencore_amrnb', ...PLACE)],
  'audio/mp4': [() => make('a.m4a', ...SOUND, '-c:a', 'aac', ...PLACE)],
  'video/webm': [() => make('a.webm', '-c:v', 'libvpx', '-c:a', 'libopus', ...TAG)],
  'audio/webm': [() => make('b.webm', ...SOUND, '-c:a', 'libopus', ...TAG)],
  'video/matroska': [() => make('a.mkv', ...TAG), () => make('b.mkv', '-live', '1', ...TAG)],
  'audio/matroska': [() => make('a.mka', ...SOUND, '-c:a', 'libopus', ...TAG)],
  'audio/ogg': [() => make('a.ogg', ...SOUND, '-c:a', 'libopus', ...TAG)],
  'audio/ogg; codecs=vorbis': [() => make('b.ogg', ...SOUND, '-c:a', 'libvorbis', ...TAG)],
  'audio/ogg; codecs=speex': [() => make('c.ogg', ...SOUND, '-ar', '16000', '-c:a', 'libspeex', ...TAG)],
  'audio/ogg; codecs=flac': [() => make('d.ogg', ...SOUND, '-c:a', 'flac', ...TAG)],
  'video/ogg': [() => make('e.ogv', '-c:v', 'libtheora', '-c:a', 'libvorbis', ...TAG)],
  'audio/mpeg': [
    () => make('a.mp3', ...SOUND, '-id3v2_version', '3', ...PLACE),
    () => make('b.mp3', ...SOUND, '-id3v2_version', '4', ...PLACE),
  ],
  'audio/flac': [() => make('a.flac', ...SOUND, ...TAG)],
  'audio/wav': [() => make('a.wav', ...SOUND, '-ar', '8000', '-metadata', `comment=${ISO_6709}`)],
};
/** A stream of frames by itself: there is no place for words in it. */
const WITHOUT_WORDS = ['audio/amr', 'audio/amr-wb', 'audio/aac'];
/** Of pictures. */
const ELSEWHERE: ContainerName[] = ['jpeg', 'png', 'gif'];

/** At the end of `moov`, which must be the last box. */
function inMoov(file: Buffer, udta: Buffer): Buffer {
  const at = file.lastIndexOf('moov') - 4;
  const moov = Buffer.concat([file.subarray(at), udta]);
  moov.writeUInt32BE(moov.length, 0);
  return Buffer.concat([file.subarray(0, at), moov]);
}

/** As drones write them: where they are, as a subtitle of each moment. */
function withSubtitles(): Buffer {
  const said = join(folder, 'said.srt');
  writeFileSync(said, `1\n00:00:00,000 --> 00:00:01,000\nGPS(39.9072,116.3914) latitude ${ISO_6709}\n`);
  make('silent.mp4');
  const path = join(folder, 's.mp4');
  const inputs = ['-i', join(folder, 'silent.mp4'), '-i', said, '-map', '0', '-map', '1'];
  execFileSync(ffmpeg, ['-v', 'error', '-y', ...inputs, '-c', 'copy', '-c:s', 'mov_text', path]);
  return readFileSync(path);
}

let count = 0;

async function decodes(bytes: Buffer): Promise<true | undefined> {
  const path = join(folder, `decoded-${count++ % 4}`);
  writeFileSync(path, bytes);
  return run(
    ffmpeg,
    [
      '-v',
      'error',
      '-xerror',
      '-threads',
      '1',
      '-i',
      path,
      '-map',
      '0:v?',
      '-map',
      '0:a?',
      '-f',
      'framemd5',
      '-',
    ],
    {
      timeout: 20_000,
      killSignal: 'SIGKILL',
    },
  ).then(
    ({ stdout }) => (/^\d/m.test(stdout) ? (true as const) : undefined),
    (error: Error & { code?: unknown }) => {
      if (error.code === 'ENOENT') throw error;
      return undefined;
    },
  );
}

/** A film whose container is no longer recognised is a file of bytes. */
const readerOf = (container: ContainerName | undefined): Reader => ({
  opens: (bytes) => containerOf(bytes, true) === container,
  decoded: decodes,
});

async function erase(bytes: Buffer, type: string): Promise<void> {
  const path = join(folder, 'erased');
  writeFileSync(path, bytes);
  await eraseLocation(path, bytes.length, type);
  (await readFile(path)).copy(bytes);
}

describe('a damaged film or sound', () => {
  test.each(
    Object.entries(films).flatMap(([type, makers]) =>
      makers.map((maker, n) => [type, n + 1, maker] as const),
    ),
  )(
    '%s, %i: is refused, or comes out without its place, and decodes if it did',
    async (type, _, maker) => {
      const whole = maker();
      const reader = readerOf(containerOf(whole, true));
      expect(placesLeft(whole)).not.toEqual([]);
      const clean = Buffer.from(whole);
      await erase(clean, type);
      expect(placesLeft(clean)).toEqual([]);
      expect(await decodes(clean)).toBe(true);
      const check = async (damage: Damage) => {
        await checkDamaged(whole, damage, (bytes) => erase(bytes, type), reader);
      };
      await fc.assert(fc.asyncProperty(damages(whole.length), check), { numRuns: RUNS });
    },
    amount({ test: 60_000, torture: 3_600_000 }),
  );

  test('every media type that is opened here is tried, and every container', () => {
    const tried = Object.keys(films);
    expect([...tried, ...WITHOUT_WORDS].toSorted()).toEqual(MEDIA_TYPES.toSorted());
    const containers = new Set(
      Object.values(films).flatMap(([maker]) => (maker ? [containerOf(maker(), true)] : [])),
    );
    expect(new Set([...containers, ...ELSEWHERE])).toEqual(new Set(Object.keys(CONTAINERS)));
  });
});

describe('a photograph in HEIC', () => {
  test.each([false, true])(
    'loses its place, and its HEVC decodes to the same (its words in idat: %s)',
    async (inIdat) => {
      const path = join(folder, 'still.mp4');
      const still = ['-f', 'lavfi', '-i', 'testsrc=s=64x48:d=1:r=1', '-frames:v', '1'];
      execFileSync(ffmpeg, [
        '-v',
        'error',
        '-y',
        ...still,
        '-c:v',
        'libx265',
        '-x265-params',
        'log-level=none',
        '-tag:v',
        'hvc1',
        path,
      ]);
      const made = await readFile(path);
      const settings = contentOf(made, 'hvcC');
      const bytes = contentOf(made, 'mdat');
      const photo = await heicWithPlace(inIdat, { settings, bytes, width: 64, height: 48 });
      expect(placesLeft(photo)).not.toEqual([]);
      const before = await frames(photo, bytes.length);
      expect(before).toContain('0,');
      await erase(photo, 'image/heic');
      expect(placesLeft(photo)).toEqual([]);
      expect(await frames(photo, bytes.length)).toBe(before);
    },
  );

  /** By a decoder of HEVC alone: the container of a picture is nothing that this ffmpeg reads. */
  async function frames(photo: Buffer, length: number): Promise<string> {
    const mark = Buffer.from([0, 0, 0, 1]);
    const settings = contentOf(photo, 'hvcC');
    const units: Buffer[] = [];
    for (let n = 0, at = 23; n < (settings[22] ?? 0); n++) {
      const inArray = settings.readUInt16BE(at + 1);
      at += 3;
      for (let unit = 0; unit < inArray; unit++) {
        units.push(mark, settings.subarray(at + 2, at + 2 + settings.readUInt16BE(at)));
        at += 2 + settings.readUInt16BE(at);
      }
    }
    const coded = contentOf(photo, 'mdat').subarray(0, length);
    for (let at = 0; at + 4 <= coded.length; at += 4 + coded.readUInt32BE(at))
      units.push(mark, coded.subarray(at + 4, at + 4 + coded.readUInt32BE(at)));
    const path = join(folder, 'still.hevc');
    writeFileSync(path, Buffer.concat(units));
    const { stdout } = await run(ffmpeg, [
      '-v',
      'error',
      '-xerror',
      '-f',
      'hevc',
      '-i',
      path,
      '-f',
      'framemd5',
      '-',
    ]);
    return stdout.replace(/^#.*\n/gm, '');
  }

  function contentOf(file: Buffer, type: string): Buffer {
    const at = file.indexOf(type) - 4;
    return file.subarray(at + 8, at + file.readUInt32BE(at));
  }
});
