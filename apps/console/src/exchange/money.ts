/** Money as people write it, yuan with up to six places, and as it is kept, millionths: exact both ways. */
import { z } from 'zod';

const MILLION = 1_000_000n;
const PLACES = 6;

export const Micros = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/, 'expected yuan with up to six places, such as "0.03"')
  .meta({ id: 'Yuan', examples: ['0.03'] });

export function microsOf(yuan: string): bigint {
  const [whole = '0', fraction = ''] = yuan.split('.');
  return BigInt(whole) * MILLION + BigInt(fraction.padEnd(PLACES, '0'));
}

export function yuanOf(micros: bigint): string {
  const [sign, amount] = micros < 0n ? ['-', -micros] : ['', micros];
  const fraction = String(amount % MILLION)
    .padStart(PLACES, '0')
    .replace(/0+$/, '');
  return `${sign}${amount / MILLION}${fraction && `.${fraction}`}`;
}
