/** Duration of a voice note in AMR-NB. Format of RFC 4867, section 5: a magic line, then frames of 20 ms each. */
export const AMR_MAGIC = '#!AMR\n';

const FRAME_SECONDS = 0.02;

/** Octets of speech after the header octet of a frame, by frame type; types 9 to 14 are invalid in AMR-NB. */
const NONE = undefined;
const speech = [12, 13, 15, 17, 19, 20, 26, 31, 5, NONE, NONE, NONE, NONE, NONE, NONE, 0];

/** Counts complete frames up to the first invalid header octet, where a player would stop too. */
export function amrSeconds(bytes: Buffer): number {
  let frames = 0;
  let at = AMR_MAGIC.length;
  while (at < bytes.length) {
    const size = speech[(bytes.readUInt8(at) >> 3) & 0x0f];
    if (size === undefined) break;
    at += 1 + size;
    if (at <= bytes.length) frames++;
  }
  return frames * FRAME_SECONDS;
}
