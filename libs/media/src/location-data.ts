/** Removes the location where something was recorded from a file, without changing image, video or audio. */
import { open, readFile } from 'node:fs/promises';
import { HubError } from '#protocol';
import { isBoxes } from './container/boxes.js';
import { isEbml } from './container/ebml.js';
import { FileSpan } from './container/span.js';
import { eraseFromBoxes } from './location/boxes.js';
import { eraseFromEbml } from './location/ebml.js';
import { PlaceEraser } from './location/location-eraser.js';
import { eraseFromTiffFile } from './location/tiff.js';
import { isTiff } from './location/tiff-reader.js';

/** Maximum size of files that are loaded, bytes. Box and EBML files are read in parts, without this limit. */
const MAX_LOADED = 256 * 1024 * 1024;
const HEAD_BYTES = 16;
/** Content types whose files may contain a location. */
const WITH_PLACE = /^(?:image|video|audio)\//;
/** Audio and video without a container: a stream of frames has no metadata. */
const WITHOUT_WORDS = /^audio\/(?:amr|amr-wb|silk|aac)$|^video\/mp2t$/;

/**
 * Changes the file in place, without changing its size.
 * @param size bytes
 * @returns whether a location was removed
 * @throws HubError 106 when it cannot be determined whether the file contains a location
 */
export async function eraseLocation(path: string, size: number, contentType: string): Promise<boolean> {
  if (!WITH_PLACE.test(contentType) || WITHOUT_WORDS.test(contentType)) return false;
  const head = await headOf(path);
  if (isBoxes(head) || isEbml(head)) {
    using span = new FileSpan(path, 'r+');
    const inner = new PlaceEraser();
    return (isBoxes(head) ? eraseFromBoxes(span, inner) : eraseFromEbml(span, inner)).changed;
  }
  if (size > MAX_LOADED) throw new HubError('106', 'too large to look for the place where it was made');
  const bytes = await readFile(path);
  if (!eraseLocationIn(bytes)) return false;
  await using file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, 0);
  return true;
}

/** Changes `bytes`. @throws HubError 106 */
export function eraseLocationIn(bytes: Buffer): boolean {
  const eraser = new PlaceEraser();
  const done = isTiff(bytes) ? tiffFile(bytes, eraser) : eraser.file(bytes);
  if (done === undefined) throw new HubError('106', 'it names a place in a way that is not known');
  return done;
}

function tiffFile(bytes: Buffer, eraser: PlaceEraser): boolean | undefined {
  const done = eraseFromTiffFile(bytes, eraser, true);
  return done === 'unreadable' ? undefined : done === 'erased';
}

async function headOf(path: string): Promise<Buffer> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES), position: 0 });
  return buffer.subarray(0, bytesRead);
}
