/** Sound of a telephone: PCMU (ITU-T G.711), 8000 samples a second, one byte each. Pure. */

export const PCMU_RATE = 8000;

export interface Wave {
  rate: number;
  /** 16 bits, one channel. */
  samples: Int16Array;
}

/**
 * Reads a RIFF file of 16-bit PCM with one channel. espeak-ng writes to a pipe, so the lengths in its head are wrong: the data go
 * to the end.
 * @returns undefined: another kind of file
 */
export function readWave(file: Buffer): Wave | undefined {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE') return undefined;
  let rate = 0;
  for (let at = 12; at + 8 <= file.length;) {
    const name = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    const start = at + 8;
    if (name === 'data') return rate > 0 ? { rate, samples: samplesOf(file.subarray(start)) } : undefined;
    if (name === 'fmt ') {
      if (length < 16 || start + 16 > file.length) return undefined;
      const [format, channels, bits] = [
        file.readUInt16LE(start),
        file.readUInt16LE(start + 2),
        file.readUInt16LE(start + 14),
      ];
      if (format !== 1 || channels !== 1 || bits !== 16) return undefined;
      rate = file.readUInt32LE(start + 4);
    }
    at = start + length + (length % 2);
  }
  return undefined;
}

function samplesOf(bytes: Buffer): Int16Array {
  const samples = new Int16Array(bytes.length >> 1);
  for (let at = 0; at < samples.length; at++) samples[at] = bytes.readInt16LE(at * 2);
  return samples;
}

/** Each new sample is the mean of those that it replaces, which keeps most of what a telephone cannot carry from sounding wrong. */
export function toPcmu({ rate, samples }: Wave): Buffer {
  const step = rate / PCMU_RATE;
  const sound = Buffer.alloc(Math.floor(samples.length / step));
  for (let at = 0; at < sound.length; at++) {
    const [from, to] = [
      Math.floor(at * step),
      Math.max(Math.floor((at + 1) * step), Math.floor(at * step) + 1),
    ];
    let sum = 0;
    for (let one = from; one < to; one++) sum += samples[one] ?? 0;
    sound[at] = muLaw(Math.round(sum / (to - from)));
  }
  return sound;
}

const BIAS = 0x84;
const CLIP = 32_635;

/** @param sample of 16 bits */
export function muLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const biased = Math.min(Math.abs(sample), CLIP) + BIAS;
  const exponent = Math.max(0, 31 - Math.clz32(biased) - 7);
  const mantissa = (biased >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}
