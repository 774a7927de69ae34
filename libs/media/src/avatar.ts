/** Makes an avatar of an untrusted image. The content decides its type, not its name or declared type. */
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import sharp from 'sharp';
import { AVATAR_MAX_BYTES, AVATAR_SIDE, HubError } from '#protocol';

/** Image formats without executable content (no SVG, no HTML, no PDF). */
const FORMATS = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif', 'image/tiff']);
/** Maximum number of pixels of the original. Larger images are decompression bombs, or of no use for an avatar. */
const MAX_PIXELS = 25_000_000;
const SECONDS = 10;
/** JPEG qualities, tried in this order until the file is small enough. */
const QUALITIES = [82, 65, 45];

/** Writes the first frame of an image as a small upright JPEG without metadata. @throws HubError 105, 106 */
export async function scaleAvatar(path: string, to: string): Promise<{ size: number; sha256: string }> {
  const type = (await fileTypeFromFile(path).catch(unreadable))?.mime;
  if (type === undefined || !FORMATS.has(type))
    throw new HubError('106', `an avatar of type ${type ?? 'unknown'} is not shown`);
  for (const quality of QUALITIES) {
    const jpeg = await scaled(path, quality);
    if (jpeg.length > AVATAR_MAX_BYTES) continue;
    await writeFile(to, jpeg, { flag: 'wx', mode: 0o600 }).catch(async (cause: unknown) => {
      await rm(to, { force: true });
      throw new HubError('91', 'the avatar cannot be written', { cause });
    });
    return { size: jpeg.length, sha256: createHash('sha256').update(jpeg).digest('hex') };
  }
  throw new HubError('105', 'the avatar does not become small enough');
}

function scaled(path: string, quality: number): Promise<Buffer> {
  return sharp(path, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
    .rotate()
    .resize({ width: AVATAR_SIDE, height: AVATAR_SIDE, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .jpeg({ quality, mozjpeg: false })
    .timeout({ seconds: SECONDS })
    .toBuffer()
    .catch(unreadable);
}

function unreadable(cause: unknown): never {
  throw new HubError('106', 'the picture cannot be read', { cause });
}
