/**
 * Telephone numbers as recipients: `im:%2B8613800138000@tel` stands for the person who has that number now. `tel` is no
 * member: the switch replaces it by the person's address before it delivers the event.
 */
import { z } from 'zod';
import { addressOf, network, nativeOf, type Address, type NativeId } from './address.js';
import type { Capabilities } from './capabilities.js';

export const TEL = network('tel');
const TEL_END = `@${TEL}`;

/** Sender of notices of the hub, such as the code of a challenge. Replies to it are not possible. */
export const HUB_VOICE: Address = addressOf(TEL, 'hutong');

const NUMBER = /^\+[1-9]\d{6,14}$/;
export const E164 = z
  .string()
  .regex(NUMBER, 'a number is + and 7 to 15 digits, country code first')
  .brand<'E164'>()
  .meta({ id: 'E164', description: 'A telephone number', examples: ['+8613800138000'] });
export type E164 = z.infer<typeof E164>;

export function telAddress(number: E164): Address {
  return addressOf(TEL, number);
}

export function isTel(address: Address): boolean {
  return address.endsWith(TEL_END);
}

/** The number in an address; undefined for other addresses. */
export function numberOf(address: Address): E164 | undefined {
  if (!isTel(address)) return undefined;
  const native = nativeOf(address);
  return NUMBER.test(native) ? (native as E164) : undefined;
}

/** Digits of a number as in routes: with country code, without plus. */
export function digitsOf(number: E164): string {
  return number.slice(1);
}

/**
 * The native id of a number in a network whose ids are numbers: country code without plus, or with it (`numbersPlus`), or without
 * the leading digits that the network omits (`numbersWithout`: Fetion has 13800138000, not 8613800138000).
 */
export function nativeOfNumber(number: E164, capabilities: Capabilities | undefined): NativeId {
  if (capabilities?.numbersPlus) return number;
  const digits = digitsOf(number);
  const without = capabilities?.numbersWithout;
  return without !== undefined && digits.startsWith(without) ? digits.slice(without.length) : digits;
}
