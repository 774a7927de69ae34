/** What a text that somebody pastes can be, by its form. Pure. */
import { Address, E164 } from '#protocol';
import { Day } from '../http/dates.js';
import type { Forms } from './find.repository.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SPACED_NUMBER = /^(\+|00)[\d ().-]{5,30}$/;
const STATEMENT = /^HT(\d{4})(\d{2})(\d{2})-([a-z][a-z0-9:-]{0,60})$/i;
const LETTER = /^\d{1,15}$/;

export function formsOf(text: string): Forms {
  return {
    uuid: UUID.test(text) ? text.toLowerCase() : undefined,
    number: numberIn(text)?.slice(1),
    address: Address.max(1000).safeParse(text).success ? text : undefined,
    day: Day.safeParse(text).success ? text : undefined,
    statement: statementIn(text),
  };
}

/** In E.164 form. People write numbers with spaces, brackets and two zeros. */
export function numberIn(text: string): string | undefined {
  if (!SPACED_NUMBER.test(text)) return undefined;
  const number = text.replace(/^00/, '+').replaceAll(/[ ().-]/g, '');
  return E164.safeParse(number).success ? number : undefined;
}

/** Date and party of the number of a statement: `HT20261122-fetion`. */
function statementIn(text: string): Forms['statement'] {
  const [, year, month, day, party] = STATEMENT.exec(text) ?? [];
  const date = `${year}-${month}-${day}`;
  return party !== undefined && Day.safeParse(date).success
    ? { date, party: party.toLowerCase() }
    : undefined;
}

/** @returns the number that a dead letter could have */
export function letterIn(text: string): number | undefined {
  return LETTER.test(text) && Number(text) > 0 ? Number(text) : undefined;
}
