/** Tones: how much of a sound is one, and files with one. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @returns the share of the energy that is at this frequency, 0 to 1; 0 for silence */
export function shareOf(hertz: number, samples: Int16Array, rate: number): number {
  let [energy, real, imaginary] = [0, 0, 0];
  for (const [at, sample] of samples.entries()) {
    const angle = (2 * Math.PI * hertz * at) / rate;
    energy += sample * sample;
    real += sample * Math.cos(angle);
    imaginary += sample * Math.sin(angle);
  }
  // Comfort noise is no sound.
  if (energy < samples.length * QUIET * QUIET) return 0;
  return (2 * (real * real + imaginary * imaginary)) / (samples.length * energy);
}

/** Mean level of a sample that counts as silence. */
const QUIET = 50;

/** Of a tone that went through codecs and buffers, with gaps. */
const MOSTLY = 0.5;

export function isTone(hertz: number, samples: Int16Array, rate: number): boolean {
  return samples.length > 0 && shareOf(hertz, samples, rate) > MOSTLY;
}

const FILE_RATE = 48_000;
const FILE_SECONDS = 2;
/** A steady tone is taken for noise, and is suppressed by browsers. */
const ON_SECONDS = 0.2;
const OFF_SECONDS = 0.05;

/** @returns path of a RIFF file in the folder for temporary files, with a tone in bursts */
export function writeTone(hertz: number): string {
  const file = join(mkdtempSync(join(tmpdir(), 'hutong-tone-')), 'tone.wav');
  const samples = Int16Array.from({ length: FILE_RATE * FILE_SECONDS }, (_, at) => {
    const isOn = (at / FILE_RATE) % (ON_SECONDS + OFF_SECONDS) < ON_SECONDS;
    return isOn ? 12_000 * Math.sin((2 * Math.PI * hertz * at) / FILE_RATE) : 0;
  });
  const head = Buffer.alloc(44);
  head.write('RIFF....WAVEfmt ', 0, 'latin1');
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(FILE_RATE, 24);
  head.writeUInt32LE(FILE_RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(samples.byteLength, 40);
  writeFileSync(file, Buffer.concat([head, Buffer.from(samples.buffer)]));
  return file;
}
