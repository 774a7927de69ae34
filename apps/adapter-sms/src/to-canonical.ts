/** Segments and reports of a gateway -> what the hub knows. Pure. */
import type { LateReport } from '#adapter-kit';
import { addressOf, type Address, type Network } from '#protocol';
import { failureOf } from './sms.errors.js';
import type { DeliveryReport } from './sms.link.js';

/** Country code and number (E.164). */
const PERSON = /^[1-9]\d{6,14}$/;
/** A mobile number of China without its country code, which two spellings of one person would be. */
const WITHOUT_COUNTRY = /^1[3-9]\d{9}$/;
/** Eleven digits of China that begin with 1 are a mobile number, and those begin with 13 to 19. */
const NOBODY_IN_CHINA = /^861[0-2]\d{9}$/;

export function isPerson(digits: string): boolean {
  return PERSON.test(digits) && !WITHOUT_COUNTRY.test(digits) && !NOBODY_IN_CHINA.test(digits);
}

/** @returns undefined for a sender that is no telephone number: a short code, or a name */
export function senderOf(network: Network, digits: string): Address | undefined {
  return isPerson(digits) ? addressOf(network, digits) : undefined;
}

export function reportOf(report: DeliveryReport): LateReport {
  if (report.state === 'delivered') return { stage: 'delivered', basis: 'network' };
  return { stage: 'failed', basis: 'network', ...failureOf(report) };
}

/** What a person asks of us, and of nobody else, with the whole of a text. */
export type Wish = 'stop' | 'start';

export function wishIn(text: string, stop: readonly string[], start: readonly string[]): Wish | undefined {
  const word = text.trim().normalize('NFKC').toUpperCase();
  if (stop.includes(word)) return 'stop';
  return start.includes(word) ? 'start' : undefined;
}

/** The number of a conversation: the digits behind our own. @returns undefined: none */
export function suffixOf(service: string, code: string, digits: number): number | undefined {
  const suffix = service.startsWith(code) ? service.slice(code.length) : '';
  return digits > 0 && suffix.length === digits && /^\d+$/.test(suffix) && Number(suffix) > 0
    ? Number(suffix)
    : undefined;
}
