/** Duration of an MP3, from its frames: with a variable bit rate the file size does not determine it. */

const RATES_1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const RATES_2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const SAMPLES = [44_100, 48_000, 32_000];

/** Encoders add an information frame and up to two frames of silence. */
const PADDING_FRAMES = 3;

interface Frame {
  octets: number;
  seconds: number;
}

/** @returns undefined if no frame of MPEG layer III begins there */
export function mp3Frame(bytes: Buffer, at: number): Frame | undefined {
  if (at + 4 > bytes.length) return undefined;
  const head = bytes.readUInt32BE(at);
  const version = (head >>> 19) & 3;
  if (head >>> 21 !== 0x7ff || version === 1 || ((head >>> 17) & 3) !== 1) return undefined;
  const first = version === 3;
  const rate = (first ? RATES_1 : RATES_2)[(head >>> 12) & 15];
  const samples = SAMPLES[(head >>> 10) & 3];
  if (!rate || !samples) return undefined;
  const perSecond = samples / { 3: 1, 2: 2, 0: 4 }[version as 3 | 2 | 0];
  const padding = (head >>> 9) & 1;
  return {
    octets: Math.floor(((first ? 144_000 : 72_000) * rate) / perSecond) + padding,
    seconds: (first ? 1152 : 576) / perSecond,
  };
}

/** All frames of one file have the same duration, but not the same number of octets. */
export function mp3Seconds(bytes: Buffer): number {
  const first = afterTag(bytes);
  let frames = 0;
  let at = first;
  for (let frame = mp3Frame(bytes, at); frame; frame = mp3Frame(bytes, at)) {
    frames++;
    at += frame.octets;
  }
  return Math.max(0, frames - PADDING_FRAMES) * (mp3Frame(bytes, first)?.seconds ?? 0);
}

/** The size in an ID3v2 tag uses 7 bits of each octet, so that it cannot look like the start of a frame. */
function afterTag(bytes: Buffer): number {
  if (bytes.length < 10 || bytes.toString('latin1', 0, 3) !== 'ID3') return 0;
  return bytes.subarray(6, 10).reduce((size, octet) => (size << 7) | (octet & 0x7f), 0) + 10;
}
