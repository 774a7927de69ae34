/** Numbers of people as gateways in China write them: in one way to them, in several ways from them. Pure. */

/** `national`: 13800000001 · `international`: 8613800000001 */
export type NumberForm = 'national' | 'international';

const COUNTRY = '86';
/** A mobile number of China as it is dialled within the country; no gateway there writes a foreign number without its prefix. */
const MOBILE = /^1[3-9]\d{9}$/;

/** @param number digits, with the country calling code */
export function writtenNumber(number: string, form: NumberForm): string {
  const national = number.startsWith(COUNTRY) ? number.slice(COUNTRY.length) : number;
  return form === 'national' && MOBILE.test(national) ? national : number;
}

/**
 * @param written `13800000001`, `8613800000001`, `+86…`, `0086…`, spaces around it
 * @returns digits, with the country calling code where it can be told
 */
export function readNumber(written: string): string {
  const digits = written.replaceAll(/\D/g, '').replace(/^00/, '');
  return MOBILE.test(digits) ? COUNTRY + digits : digits;
}
