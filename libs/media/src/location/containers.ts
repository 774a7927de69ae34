/** The containers that are followed by their structure; all else is looked through for these and for words. */
import { beginsAsBoxes, isBoxes } from '../container/boxes.js';
import { isEbml } from '../container/ebml.js';
import { BufferSpan } from '../container/span.js';
import { eraseFromBoxes } from './boxes.js';
import { eraseFromEbml } from './ebml.js';
import { eraseFromGif, isGif } from './gif.js';
import { beginsAsJpeg, eraseFromJpeg, isJpeg } from './jpeg.js';
import { eraseFromPng, isPng, type PngInner } from './png.js';
import { eraseFromOgg, isOgg } from './ogg.js';
import { beginsAsRiff, eraseFromRiff, isRiff } from './riff.js';
import { eraseFromFlac, eraseFromId3, isFlac, isId3 } from './audio.js';

export interface Erased {
  changed: boolean;
  /** Where the container ends, from its beginning. */
  end: number;
  /** What follows belongs to the medium: only descriptions stood at its beginning. */
  goesOn?: true;
}

export interface Container {
  /** @param isWhole the bytes are a whole file: a weaker sign is enough than inside of other bytes */
  begins(bytes: Buffer, isWhole: boolean): boolean;
  /** @throws HubError 106 when its structure cannot be followed */
  erase(bytes: Buffer, inner: PngInner, isWhole: boolean): Erased;
}

/** Each is tried with damage of all kinds (`damage.spec.ts`, `damaged-films.int-spec.ts`). */
export const CONTAINERS = {
  jpeg: {
    begins: (bytes, isWhole) => (isWhole ? isJpeg(bytes) : beginsAsJpeg(bytes)),
    erase: eraseFromJpeg,
  },
  png: { begins: isPng, erase: eraseFromPng },
  boxes: {
    begins: (bytes, isWhole) => (isWhole ? isBoxes(bytes) : beginsAsBoxes(bytes)),
    erase: (bytes, inner, isWhole) => eraseFromBoxes(new BufferSpan(bytes), inner, isWhole),
  },
  riff: {
    begins: (bytes, isWhole) => (isWhole ? isRiff(bytes) : beginsAsRiff(bytes)),
    erase: eraseFromRiff,
  },
  gif: { begins: isGif, erase: eraseFromGif },
  ebml: {
    begins: isEbml,
    erase: (bytes, inner, isWhole) => eraseFromEbml(new BufferSpan(bytes), inner, isWhole),
  },
  id3: { begins: isId3, erase: eraseFromId3 },
  flac: { begins: isFlac, erase: eraseFromFlac },
  ogg: { begins: isOgg, erase: eraseFromOgg },
} satisfies Record<string, Container>;

export type ContainerName = keyof typeof CONTAINERS;

/** undefined: it begins as none of them. */
export function containerOf(bytes: Buffer, isWhole: boolean): ContainerName | undefined {
  const names = Object.keys(CONTAINERS) as ContainerName[];
  return names.find((name) => CONTAINERS[name].begins(bytes, isWhole));
}
