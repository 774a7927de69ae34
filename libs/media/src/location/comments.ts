/** Removes locations from Vorbis comments (`NAME=value`, each with its length), in Ogg and FLAC. */
import { HubError } from '#protocol';
import { isPlaceName, mentionsPlace } from './location-names.js';
import type { PngInner } from './png.js';

const SPACE = 0x20;
const MAX_COMMENTS = 10_000;

/**
 * Works in place: a comment with a location gets another name and an empty value.
 * @throws HubError 106 when the lengths of the comments do not fit together
 */
export function eraseFromComments(block: Buffer, inner: PngInner): boolean {
  let at = 0;
  const next = (): Buffer => {
    const size = lengthAt(block, at);
    const from = at + 4;
    at = from + size;
    if (at > block.length) throw contradictory();
    return block.subarray(from, at);
  };
  let changed = inner.unknown(next());
  const count = lengthAt(block, at);
  at += 4;
  if (count > MAX_COMMENTS) throw contradictory();
  for (let n = 0; n < count; n++) changed = eraseFromComment(next(), inner) || changed;
  // Framing bit, or padding.
  if (block.subarray(at + 1).some((byte) => byte !== 0)) throw contradictory();
  return changed;
}

function eraseFromComment(comment: Buffer, inner: PngInner): boolean {
  const equals = comment.indexOf('=');
  const name = comment.toString('utf8', 0, Math.max(equals, 0));
  if (isPlaceName(name) || mentionsPlace(comment.toString('utf8'))) {
    comment.fill('X', 0, Math.max(equals, 0));
    comment.fill(SPACE, equals + 1);
    return true;
  }
  return /PICTURE|COVERART$/i.test(name) && eraseFromCover(comment.subarray(equals + 1), inner);
}

/** An image in Base64. */
function eraseFromCover(text: Buffer, inner: PngInner): boolean {
  const picture = Buffer.from(text.toString('latin1'), 'base64');
  if (!inner.unknown(picture)) return false;
  const again = picture.toString('base64');
  text.fill(again.length === text.length ? again : ' ', 'latin1');
  return true;
}

function lengthAt(block: Buffer, at: number): number {
  if (at + 4 > block.length) throw contradictory();
  return block.readUInt32LE(at);
}

function contradictory(): HubError {
  return new HubError('106', 'the lengths of its comments do not fit together');
}
