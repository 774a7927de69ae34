/** The containers whose structure is followed. Other data is searched for these containers and for text. */
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
  /** Length of the container, bytes. */
  end: number;
  /** The rest is the content itself: the container has metadata only at its beginning. */
  goesOn?: true;
}

export interface Container {
  /** @param isWhole the bytes are a whole file: a weaker signature is enough than within other data */
  begins(bytes: Buffer, isWhole: boolean): boolean;
  /** @throws HubError 106 when the structure cannot be followed */
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

/** @returns undefined when the bytes begin like none of them */
export function containerOf(bytes: Buffer, isWhole: boolean): ContainerName | undefined {
  const names = Object.keys(CONTAINERS) as ContainerName[];
  return names.find((name) => CONTAINERS[name].begins(bytes, isWhole));
}
