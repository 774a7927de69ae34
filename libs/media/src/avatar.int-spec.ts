import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { AVATAR_MAX_BYTES, AVATAR_SIDE } from '#protocol';
import { scaleAvatar } from './avatar.js';

const folder = mkdtempSync(join(tmpdir(), 'hutong-avatar-'));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function scaled(content: Buffer | string) {
  const [from, to] = [join(folder, `in-${++files}.png`), join(folder, `out-${files}`)];
  await writeFile(from, content);
  const { size } = await scaleAvatar(from, to);
  const jpeg = await readFile(to);
  expect(jpeg.length).toBe(size);
  return { jpeg, ...(await sharp(jpeg).metadata()) };
}

function picture(width: number, height: number) {
  return sharp({ create: { width, height, channels: 4, background: { r: 10, g: 200, b: 30, alpha: 0.5 } } });
}

test.each([
  ['a large PNG with transparency', () => picture(3000, 1500).png().toBuffer(), 256, 128],
  ['a small one', () => picture(40, 40).png().toBuffer(), 40, 40],
  ['WebP', () => picture(600, 600).webp().toBuffer(), 256, 256],
  ['GIF', () => picture(600, 300).gif().toBuffer(), 256, 128],
  [
    'noise that hardly compresses',
    () =>
      sharp({
        create: {
          width: 2000,
          height: 2000,
          channels: 3,
          background: '#000',
          noise: { type: 'gaussian', mean: 128, sigma: 60 },
        },
      })
        .png()
        .toBuffer(),
    256,
    256,
  ],
])('%s becomes a small JPEG without metadata', async (_, make, width, height) => {
  const made = await scaled(await make());
  expect([made.format, made.width, made.height]).toEqual(['jpeg', width, height]);
  expect(made.jpeg.length).toBeLessThanOrEqual(AVATAR_MAX_BYTES);
  expect(Math.max(made.width, made.height)).toBeLessThanOrEqual(AVATAR_SIDE);
  expect(made.exif).toBeUndefined();
});

test('a picture is turned upright, and its metadata stay behind', async () => {
  const jpeg = await picture(400, 200)
    .jpeg()
    .withExif({ IFD3: { GPSLatitude: '39/1 56/1 0/1' } })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const made = await scaled(jpeg);
  expect([made.width, made.height, made.exif, made.orientation]).toEqual([128, 256, undefined, undefined]);
});

/** A PNG whose head promises more pixels than anybody has memory for. */
async function bomb(): Promise<Buffer> {
  const png = await picture(10, 10).png().toBuffer();
  png.writeUInt32BE(60_000, 16);
  png.writeUInt32BE(60_000, 20);
  return png;
}

test.each([
  [
    'SVG',
    () => '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
  ],
  ['HTML', () => '<!doctype html><script>alert(1)</script>'],
  ['a text', () => 'no picture at all'],
  ['PDF', () => '%PDF-1.7\n1 0 obj <<>> endobj'],
  ['nothing', () => ''],
  ['a PNG that is cut off', async () => (await picture(500, 500).png().toBuffer()).subarray(0, 200)],
  ['too many pixels', () => picture(6000, 5000).png().toBuffer()],
  ['a decompression bomb', bomb],
])('%s is refused with 106', async (_, make) => {
  await expect(scaled(await make())).rejects.toMatchObject({ code: '106' });
});
