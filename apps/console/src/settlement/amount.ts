/** Yuan as decimal text outside, as whole millionths inside: exact both ways, and never a floating-point number. */
import { z } from 'zod';

const PLACES = 6;
const MILLION = 10n ** BigInt(PLACES);
/** Twelve digits before the point fit a bigint column with room for sums. */
const DECIMAL = /^-?(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$/;
const RULE = 'a decimal number with at most 12 digits before the point and 6 after it, as text: "12.5"';

export const SignedAmount = z
  .string()
  .regex(DECIMAL, RULE)
  .refine((text) => !DECIMAL.test(text) || millionths(text) !== 0n, 'not zero')
  .meta({ id: 'SignedAmount', description: 'Yuan; a minus for less', examples: ['-0.25'] });
export const Amount = SignedAmount.refine((text) => !text.startsWith('-'), 'more than zero').meta({
  id: 'Amount',
  description: 'Yuan, more than zero',
  examples: ['0.05'],
});

/** What a unit costs: zero is a price too. Below a thousand, so that the largest file still has a price that fits. */
export const Fee = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,6})?$/, 'expected yuan below 1000 with up to six places, such as "0.03"')
  .meta({ id: 'Fee', description: 'Yuan a unit', examples: ['0.03'] });

/** @param decimal as the schemas above let through */
export function millionths(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const size = BigInt(whole) * MILLION + BigInt(fraction.padEnd(PLACES, '0'));
  return decimal.startsWith('-') ? -size : size;
}

/** The shortest text that means it. */
export function decimalOf(amount: bigint): string {
  const size = amount < 0n ? -amount : amount;
  const fraction = String(size % MILLION)
    .padStart(PLACES, '0')
    .replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${size / MILLION}${fraction && `.${fraction}`}`;
}
