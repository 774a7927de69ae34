/** What a file is, by its content alone. */
import { open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import sharp from 'sharp';
import type { MediaMeta } from '#protocol';
import { containedType, shownSize } from './container/content-type.js';
import type { MediaTools } from './tools.js';

export const UNKNOWN_TYPE = 'application/octet-stream';
const HEAD_BYTES = 4096;
/** A quarter of an hour of speech; it is read whole. */
const MAX_SILK_BYTES = 2 * 1024 * 1024;
/** Maximum number of pixels: a larger image is a decompression bomb, or of no use in a chat. */
export const MAX_PIXELS = 64_000_000;

const BOXED = new Set(['image/heic', 'image/heif', 'image/avif']);

/** The same thing under one name. */
const SAME: Record<string, string> = {
  'audio/x-m4a': 'audio/mp4',
  'audio/opus': 'audio/ogg',
  'audio/vnd.wave': 'audio/wav',
  'video/x-m4v': 'video/mp4',
  'image/x-ms-bmp': 'image/bmp',
  // Whoever takes a PNG takes one that moves.
  'image/apng': 'image/png',
};

export interface Inspected {
  contentType: string;
  meta: MediaMeta;
}

/** @param size in bytes */
export async function inspect(path: string, size: number, tools: MediaTools | undefined): Promise<Inspected> {
  const contentType = await typeOf(path, size);
  if (contentType.startsWith('image/')) return picture(path, contentType);
  if (contentType === 'audio/silk') return { contentType, meta: { durationMs: await silkDuration(path) } };
  return { contentType, meta: tools ? await tools.probe(path, contentType) : {} };
}

async function typeOf(path: string, size: number): Promise<string> {
  const head = await headOf(path);
  if (isSilk(head)) return size <= MAX_SILK_BYTES ? 'audio/silk' : UNKNOWN_TYPE;
  const contained = await ifReadable(Promise.resolve().then(() => containedType(path, head)));
  if (contained !== undefined) return contained;
  const found = (await ifReadable(fileTypeFromFile(path)))?.mime.split(';')[0] ?? '';
  if (found !== '') return isMarkup(found) ? UNKNOWN_TYPE : (SAME[found] ?? found);
  return textType(head);
}

/** Whatever a stranger's file makes a parser throw says only that it cannot be read; a fault of this machine is no such answer. */
async function ifReadable<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'syscall' in error) throw error;
    return undefined;
  }
}

/** What a browser would run is never called by its name. */
function isMarkup(type: string): boolean {
  return /xml|html|svg|javascript/.test(type);
}

function textType(head: Buffer): string {
  const text = new TextDecoder('utf-8', { fatal: false }).decode(head, { stream: true });
  if (/^\uFEFF?BEGIN:VCARD\r?\n/i.test(text)) return 'text/vcard';
  const plain = head.length > 0 && !/[^\P{Cc}\t\n\r]|\uFFFD/u.test(text) && !/<[!?a-z]/i.test(text);
  return plain ? 'text/plain' : UNKNOWN_TYPE;
}

async function headOf(path: string): Promise<Buffer> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES), position: 0 });
  return buffer.subarray(0, bytesRead);
}

/** Tencent's SILK begins with a byte 2 more than Skype's. */
function isSilk(head: Buffer): boolean {
  const start = head[0] === 2 ? 1 : 0;
  return head.subarray(start, start + 9).toString('latin1') === '#!SILK_V3';
}

async function silkDuration(path: string): Promise<number> {
  const [{ readFile }, { getDuration }] = [await import('node:fs/promises'), await import('silk-wasm')];
  return Math.max(0, Math.round(getDuration(await readFile(path))));
}

/** Only the head is read: a bomb is not unpacked to learn its size. */
async function picture(path: string, contentType: string): Promise<Inspected> {
  if (BOXED.has(contentType)) {
    const meta = await ifReadable(Promise.resolve().then(() => shownSize(path)));
    if (meta) return { contentType, meta };
  }
  const found = await ifReadable(sharp(path, { limitInputPixels: false }).metadata());
  if (!found?.width || !found.height) return { contentType, meta: {} };
  const turned = (found.orientation ?? 1) >= 5;
  const [width, height] = turned ? [found.height, found.width] : [found.width, found.height];
  return { contentType, meta: { width, height } };
}
