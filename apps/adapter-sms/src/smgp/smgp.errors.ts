/** States of SMGP (SMGP V3.0.3, 6.2.6 and 6.2.63) -> our result codes. Pure. */
import { HubError, type FailureCode } from '#protocol';
import type { ReportState } from '../sms.link.js';

/** Of every response. Those from 128 on are of the makers of gateways. */
const OF_STATUS: Record<number, FailureCode> = {
  // The gateway is busy.
  1: '65',
  // Too many connections: of the login.
  2: '91',
  10: '30',
  11: '30',
  // The number of an earlier message with other content: the gateway took neither this one nor, for all we know, that one.
  12: '103',
  20: '31',
  21: '31',
  22: '31',
  30: '30',
  31: '30',
  32: '36',
  33: '36',
  34: '12',
  35: '30',
  36: '61',
  37: '68',
  39: '92',
  40: '36',
  43: '36',
  44: '30',
  45: '30',
  46: '36',
  47: '14',
  48: '36',
  49: '36',
  58: '92',
  69: '36',
  72: '30',
  73: '36',
  // The carrier forbids messages at this hour: the network asks for a better one.
  74: '65',
  // The messages of this day are used up.
  75: '65',
  76: '36',
};

/** Both last longer than a moment. */
const RETRY_AFTER_MS: Record<number, number> = { 74: 900_000, 75: 900_000 };

/** Answers to a deliver. */
export const ANSWER = { taken: 0, malformed: 10, busy: 1, refused: 255 } as const;

export function statusError(status: number, request: 'login' | 'message'): HubError {
  const usual: FailureCode = request === 'login' ? '91' : '100';
  const retryAfterMs = RETRY_AFTER_MS[status];
  return new HubError(
    OF_STATUS[status] ?? usual,
    `SMGP refused the ${request} with status ${status}`,
    retryAfterMs === undefined ? {} : { retryAfterMs },
  );
}

const OF_STAT: Record<string, ReportState> = {
  DELIVRD: 'delivered',
  EXPIRED: 'expired',
  DELETED: 'failed',
  UNDELIV: 'failed',
  UNKNOWN: 'unknown',
  REJECTD: 'rejected',
};
/** On the way: another report follows. The document has the first; gateways pass the second on from centres that speak SMPP. */
const INTERMEDIATE: ReadonlySet<string> = new Set(['ACCEPTD', 'ENROUTE']);

/** @returns undefined for a state that is not the last one */
export function reportState(stat: string): ReportState | undefined {
  const state = stat.trim().toUpperCase();
  return INTERMEDIATE.has(state) ? undefined : (OF_STAT[state] ?? 'failed');
}
