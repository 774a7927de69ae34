/** What a person's client does with a file before it sends the message with it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Act } from '#simulators';
import type { Nos } from './nos.js';

type Send = Extract<Act, { do: 'send' }>;
type What = 'image' | 'voice' | 'video' | 'file';

/** One AMR frame lasts 20 ms, so that this sample lasts one second. */
const FRAME = Buffer.from('3c'.padEnd(64, '0'), 'hex');
const SAMPLE_MS = 1000;

const samples: Record<What, { name: string; bytes: Buffer }> = {
  image: {
    name: 'picture.png',
    bytes: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
  },
  voice: {
    name: 'voice.amr',
    bytes: Buffer.concat([Buffer.from('#!AMR\n'), ...Array<Buffer>(SAMPLE_MS / 20).fill(FRAME)]),
  },
  video: {
    name: 'video.mp4',
    bytes: Buffer.from('000000186674797069736f6d0000020069736f6d69736f32', 'hex'),
  },
  file: { name: 'file.bin', bytes: Buffer.from('file') },
};

const isMedia = (what: Send['what']): what is What => what in samples;

/** No upload if the test gives a URL. */
export function needsUpload({ what, file, fields }: Send): boolean {
  return isMedia(what) && (file !== undefined || !('url' in fields));
}

/** @returns the fields of the media object; fields that a test gives override computed ones, even wrong ones */
export async function upload({ what, file, fields }: Send, nos: Nos): Promise<Record<string, string>> {
  if (!isMedia(what)) return fields;
  const { name: own, bytes } =
    file === undefined ? samples[what] : { name: basename(file), bytes: await readFile(file) };
  const name = fields['name'] ?? own;
  return {
    name,
    md5: createHash('md5').update(bytes).digest('hex'),
    url: nos.put(bytes, { name }),
    ext: extname(name).slice(1),
    size: String(bytes.length),
    ...(what === 'image' ? await extentOf(bytes) : {}),
    // Placeholder: there is no decoder here, but clients always send a duration.
    ...(what === 'voice' || what === 'video' ? { dur: String(SAMPLE_MS) } : {}),
    ...fields,
  };
}

/** Size of an image; empty for a file that is not an image, which third-party clients also send. */
async function extentOf(bytes: Buffer): Promise<{ w?: string; h?: string }> {
  // Loaded lazily: the module is native and large, and most simulations send no images.
  const { default: sharp } = await import('sharp');
  try {
    const { width, height } = await sharp(bytes).metadata();
    return { w: String(width), h: String(height) };
  } catch {
    // Not an image, or an incomplete one.
    return {};
  }
}
