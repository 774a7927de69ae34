/** Pictures of every container with damage of all kinds: refused, or without their place and readable if they were. */
import fc from 'fast-check';
import { eraseLocationIn } from '../location-data.js';
import { containerOf, CONTAINERS, type ContainerName } from './containers.js';
import { amount } from '../../../../test/support/amounts.js';
import { checkDamaged, damages, type Damage, type Reader } from './testing-damage.js';
import { opens, pictures, pixels } from './testing-images.js';
import { canvas } from './testing.js';

const RUNS = amount({ test: 40, torture: 2000 });
/** Of the bytes before the pixels, every so many. */
const STEP = amount({ test: 3, torture: 1 });
/** Sound and film are tried with their own decoder: `damaged-films.int-spec.ts`. */
const OF_SOUND_AND_FILM: ContainerName[] = ['ebml', 'id3', 'flac', 'ogg'];

/** No decoder of HEVC is here: the coded bytes must be the same. */
const HEIC: Reader = {
  opens: (bytes) => bytes.toString('latin1', 4, 12) === 'ftypheic',
  decoded: (bytes) => bytes.subarray(bytes.indexOf('mdat') + 4, bytes.indexOf('mdat') + 604).toString('hex'),
};
const PICTURE: Reader = { opens, decoded: pixels };

describe('a damaged picture', () => {
  test.each(Object.entries(pictures))(
    '%s: is refused, or comes out without its place, and decodes if it did',
    async (name, make) => {
      const picture = await make();
      const ended = { refused: 0, passed: 0 };
      const check = async (damage: Damage) => {
        ended[
          await checkDamaged(picture, damage, eraseLocationIn, name.startsWith('HEIC') ? HEIC : PICTURE)
        ]++;
      };
      await fc.assert(fc.asyncProperty(damages(picture.length), check), { numRuns: RUNS });
      expect(ended.refused + ended.passed).toBeGreaterThanOrEqual(RUNS);
    },
  );

  test('every container is tried, here or with films and sounds', async () => {
    const tried = new Set<ContainerName | undefined>(OF_SOUND_AND_FILM);
    for (const make of Object.values(pictures)) tried.add(containerOf(await make(), true));
    tried.delete(undefined);
    expect(new Set(tried)).toEqual(new Set(Object.keys(CONTAINERS)));
  });
});

describe('every number of the tables of an AVIF and of a HEIC', () => {
  test.each(Object.entries(pictures).filter(([name]) => /AVIF|HEIC/.test(name)))(
    `%s: ${STEP === 1 ? 'every byte' : `one of ${STEP} bytes`} before its pixels, with every bit changed, and 0 and 255`,
    async (name, make) => {
      const picture = await make();
      const reader = name.startsWith('HEIC') ? HEIC : PICTURE;
      const head = picture.indexOf('mdat') + 4;
      let refused = 0;
      for (let at = 0; at < head; at += STEP) {
        const bits = Array.from({ length: 8 }, (_, value): Damage => ({ how: 'bit', at, value }));
        for (const damage of [...bits, ...[0, 255].map((value): Damage => ({ how: 'byte', at, value }))])
          if ((await checkDamaged(picture, damage, eraseLocationIn, reader)) === 'refused') refused++;
      }
      expect(refused).toBeGreaterThan(head / STEP);
    },
    amount({ test: 60_000, torture: 3_600_000 }),
  );
});

test('a table of a JPEG that holds the text of a comment, moved there by damage, is refused', async () => {
  const image = await pictures['JPEG, a comment']?.();
  const damage: Damage = { how: 'repeat', at: 19, value: 38 };
  if (!image) throw new Error('the JPEG with a comment is missing');
  await expect(checkDamaged(image, damage, eraseLocationIn, PICTURE)).resolves.toBe('refused');
});

describe('bytes that only look like a beginning', () => {
  test('a mark of JPEG in the middle of sound is no picture: the sound stays', () => {
    const noise = Buffer.from(Array.from({ length: 200_000 }, (_, n) => ((n * 7919) >>> 3) & 0xfe));
    const mp3 = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'), noise]);
    for (let at = 1000; at < mp3.length; at += 5000) mp3.set(Buffer.from('ffd8ff41', 'hex'), at);
    const before = Buffer.from(mp3);
    expect(eraseLocationIn(mp3)).toBe(false);
    expect(mp3.equals(before)).toBe(true);
  });

  test('a picture of which nothing is damaged is never refused', async () => {
    for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const)
      expect(eraseLocationIn(await canvas(160, 120).toFormat(format).toBuffer())).toBe(false);
  });
});
