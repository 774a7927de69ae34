/** The search for messages: how it stands in the address, and what is asked of the API. */
import { instantOf, localTime } from '../../format/zoned';
import type { Search } from '../../format/search';

export const SEARCH_KEYS = ['address', 'network', 'code', 'failed', 'since', 'until'] as const;
export type SearchKey = (typeof SEARCH_KEYS)[number];
export type SearchTerms = Search<SearchKey>;

export interface MessageQuery {
  address?: string;
  network?: string;
  code?: string;
  failed?: 'true';
  since?: string;
  until?: string;
}

const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;
const LOCAL = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether the address asks for messages, rather than for an id. */
export function isSearch(terms: SearchTerms): boolean {
  return SEARCH_KEYS.some((key) => terms[key] !== undefined);
}

/**
 * @param written "9:00" of the present day, "2026-11-28", "2026-11-28T09:00" of the zone, or a time of RFC 3339
 * @returns RFC 3339, or undefined for what is no time
 */
export function timeOf(written: string, timeZone: string, now: Date): string | undefined {
  const text = written.trim();
  const clock = CLOCK.exec(text);
  if (clock) {
    const day = localTime(now.toISOString(), timeZone).slice(0, 10);
    return instantOf(`${day}T${(clock[1] ?? '').padStart(2, '0')}:${clock[2] ?? ''}`, timeZone) || undefined;
  }
  if (DAY.test(text)) return instantOf(`${text}T00:00`, timeZone) || undefined;
  if (LOCAL.test(text)) return instantOf(text.replace(' ', 'T'), timeZone) || undefined;
  const at = /(?:Z|[+-]\d{2}:\d{2})$/i.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** What is asked of the API. A time that is none is left out: the form has said so. */
export function queryOf(terms: SearchTerms, timeZone: string, now: Date): MessageQuery {
  const { address, network, code, failed } = terms;
  const [since, until] = [terms.since, terms.until].map((written) =>
    written === undefined ? undefined : timeOf(written, timeZone, now),
  );
  return {
    ...(address && { address }),
    ...(network && { network }),
    ...(code && { code }),
    ...(failed === 'true' && { failed }),
    ...(since && { since }),
    ...(until && { until }),
  };
}
