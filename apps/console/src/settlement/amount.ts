/** Amounts: decimal text in yuan in the API, integer millionths of a yuan in the code. Exact, without floating-point numbers. */
import { z } from 'zod';

const PLACES = 6;
const MILLION = 10n ** BigInt(PLACES);
/** 12 digits before the point fit into a bigint column, with room for sums. */
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

/** Price of a unit, also zero. Less than 1,000, so that the price of the largest file fits. */
export const Fee = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,6})?$/, 'expected yuan below 1000 with up to six places, such as "0.03"')
  .meta({ id: 'Fee', description: 'Yuan a unit', examples: ['0.03'] });

/** @param decimal as validated by the schemas above */
export function millionths(decimal: string): bigint {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const size = BigInt(whole) * MILLION + BigInt(fraction.padEnd(PLACES, '0'));
  return decimal.startsWith('-') ? -size : size;
}

/** The shortest decimal text of an amount. */
export function decimalOf(amount: bigint): string {
  const size = amount < 0n ? -amount : amount;
  const fraction = String(size % MILLION)
    .padStart(PLACES, '0')
    .replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${size / MILLION}${fraction && `.${fraction}`}`;
}
