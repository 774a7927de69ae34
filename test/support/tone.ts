/** How much of a sound is a tone. */

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
