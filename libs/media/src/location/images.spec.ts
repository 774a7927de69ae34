/** Places in every kind of picture: taken out wherever they lie, the picture still decodes to the same, and everything else stays. */
import sharp from 'sharp';
import { eraseLocationIn } from '../location-data.js';
import { pictures, pixels } from './testing-images.js';
import { canvas, chunksOf, placesLeft, withPlace } from './testing.js';

describe('the place is taken out of a picture', () => {
  test.each(Object.entries(pictures))('%s', async (name, make) => {
    const picture = await make();
    // HEIC has its own test with a decoder of HEVC.
    const isHeic = name.startsWith('HEIC');
    const before = isHeic ? undefined : await sharp(picture).metadata();
    const wanted = await pixels(picture);
    // The look for it is no illusion.
    if (!name.includes('two segments')) expect(placesLeft(picture)).not.toEqual([]);
    const { length } = picture;

    expect(eraseLocationIn(picture)).toBe(true);
    expect(placesLeft(picture)).toEqual([]);
    expect(picture).toHaveLength(length);
    if (!isHeic) expect((await pixels(picture))?.equals(wanted ?? Buffer.alloc(0))).toBe(true);
    expect(chunksOf(picture).filter(({ isRight }) => !isRight)).toEqual([]);
    const after = isHeic ? undefined : await sharp(picture).metadata();
    expect([after?.width, after?.height, after?.orientation]).toEqual([
      before?.width,
      before?.height,
      before?.orientation,
    ]);
    // Once is enough.
    expect(eraseLocationIn(picture)).toBe(false);
  });

  test('compressed data that begins as some structure does, by chance, is not touched', async () => {
    const SCAN_HEADER_BYTES = 14;
    const picture = await canvas(64, 48).jpeg({ quality: 95 }).toBuffer();
    const scan = picture.indexOf(Buffer.from('ffda', 'hex')) + SCAN_HEADER_BYTES;
    for (let first = 0; first < 0xff; first++)
      for (const second of [0x3f, 0x44, 0x9c, 0x00, 0x49]) {
        picture[scan] = first;
        picture[scan + 1] = second;
        const before = Buffer.from(picture);
        expect([first, eraseLocationIn(picture)]).toEqual([first, false]);
        expect(picture.equals(before)).toBe(true);
      }
  });

  test.each(['jpeg', 'png', 'webp', 'tiff', 'avif', 'gif'] as const)(
    'a %s without one is not touched',
    async (format) => {
      const picture = await canvas()
        .withExif({ IFD0: { Make: 'Nokia' } })
        .toFormat(format)
        .toBuffer();
      const before = Buffer.from(picture);
      expect(eraseLocationIn(picture)).toBe(false);
      expect(picture.equals(before)).toBe(true);
    },
  );

  test.each(['jpeg', 'png', 'webp'] as const)('a %s keeps what is no place', async (format) => {
    const picture = await withPlace(format);
    eraseLocationIn(picture);
    const { exif, xmp } = await sharp(picture).metadata();
    expect(exif?.includes('Nokia')).toBe(true);
    expect(xmp?.includes('tiff:Make="Nokia"')).toBe(true);
  });
});
