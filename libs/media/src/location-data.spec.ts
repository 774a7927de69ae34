import sharp from 'sharp';
import { eraseLocationIn } from './location-data.js';

const canvas = () => sharp({ create: { width: 40, height: 20, channels: 3, background: '#a33' } });
const BEIJING = {
  GPSLatitudeRef: 'N',
  GPSLatitude: '39/1 54/1 15/1',
  GPSLongitudeRef: 'E',
  GPSLongitude: '116/1 23/1 29/1',
};
const exif = { IFD0: { Make: 'Nokia', Orientation: '6' }, IFD3: BEIJING };

describe('the place where a picture was made', () => {
  test.each(['jpeg', 'webp', 'png'] as const)(
    'is taken out of a %s; everything else stays',
    async (format) => {
      const picture = await canvas().withExif(exif).toFormat(format).toBuffer();
      const before = await sharp(picture).metadata();
      const pixels = await sharp(picture).raw().toBuffer();
      const gps = Buffer.from([39, 0, 0, 0, 1, 0, 0, 0, 54]);
      expect(before.exif?.includes(gps)).toBe(true);

      expect(eraseLocationIn(picture)).toBe(true);
      const after = await sharp(picture).metadata();
      expect(after.exif?.includes(gps) ?? false).toBe(false);
      expect(after.orientation).toBe(before.orientation);
      expect(after.exif?.includes('Nokia')).toBe(true);
      expect((await sharp(picture).raw().toBuffer()).equals(pixels)).toBe(true);
      expect(eraseLocationIn(Buffer.from(await canvas().toFormat(format).toBuffer()))).toBe(false);
    },
  );

  test('and out of its description in XMP, to the byte where it stood', () => {
    const xmp =
      '<x:xmpmeta><rdf:Description exif:GPSLatitude="39,54.25N" tiff:Make="Nokia"><exif:GPSLongitude>116,23.4E</exif:GPSLongitude></rdf:Description></x:xmpmeta>';
    const bytes = Buffer.from(`before${xmp}after`);
    expect(eraseLocationIn(bytes)).toBe(true);
    const text = bytes.toString();
    expect(text).not.toMatch(/39,54|116,23|GPS/);
    expect(text).toContain('tiff:Make="Nokia"');
    expect(text).toHaveLength(`before${xmp}after`.length);
    expect(text.endsWith('</x:xmpmeta>after')).toBe(true);
  });

  test('bytes that only pretend to be Exif end nowhere else, or are refused', () => {
    for (let n = 0; n < 20_000; n++) {
      const bytes = Buffer.alloc(64 + (n % 64));
      for (let at = 0; at < bytes.length; at++) bytes[at] = Math.floor(Math.random() * 256);
      bytes.write('Exif\0\0II*\0', n % 20, 'latin1');
      const { length } = bytes;
      try {
        eraseLocationIn(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: '106' });
      }
      expect(bytes).toHaveLength(length);
    }
  });
});
