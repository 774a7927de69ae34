/** What a telephone that others wrote has heard in a call. */
import type { Baresip } from '#engines';
import { readWave } from '../../apps/adapter-sip/src/voice/pcmu.js';
import { isTone } from './tone.js';
import { until } from './until.js';

/** Resolves when the last half second that it heard is this tone. */
export async function telephoneHears(telephone: Pick<Baresip, 'recorded'>, hertz: number): Promise<void> {
  await until(`the telephone to hear ${hertz} Hz`, () => {
    const { rate = 0, samples = new Int16Array() } = readWave(telephone.recorded ?? Buffer.alloc(0)) ?? {};
    return isTone(hertz, samples.slice(-rate / 2), rate);
  });
}
