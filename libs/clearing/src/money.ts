/** Money as whole millionths of a yuan: amounts are rounded only where a rule says so. */
import { HubError } from '#protocol';

/** Millionths of a yuan. */
export type Money = bigint;

export const YUAN = 1_000_000n;
const DECIMALS = 6;

/** "12.345678": always six decimals, with a minus sign for a debt. */
export function formatMoney(amount: Money): string {
  const size = amount < 0n ? -amount : amount;
  const fraction = (size % YUAN).toString().padStart(DECIMALS, '0');
  return `${amount < 0n ? '-' : ''}${size / YUAN}.${fraction}`;
}

/** "1,234,567.000000": an amount of `formatMoney` with separators, for people. */
export function groupedMoney(amount: Money): string {
  return formatMoney(amount).replaceAll(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',');
}

/** @throws HubError 30 for what is not a number of yuan with at most six decimals */
export function parseMoney(text: string): Money {
  const match = /^(-?)(\d{1,18})(?:\.(\d{1,6}))?$/.exec(text);
  if (!match?.[2]) throw new HubError('30', `not an amount of money: ${text.slice(0, 40)}`);
  const size = BigInt(match[2]) * YUAN + BigInt((match[3] ?? '').padEnd(DECIMALS, '0'));
  return match[1] ? -size : size;
}
