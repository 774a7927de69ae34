/** States of CMPP (QB-GF-028-2003, 8.4.1.2, 8.4.3.2 and 8.4.5.1) -> our result codes. Pure. */
import { HubError, type FailureCode } from '#protocol';
import type { ReportState } from '../sms.link.js';

/** CONNECT_RESP. A code that is not here, 5 and above, has no meaning that all gateways share. */
const OF_LOGIN: Record<number, FailureCode> = { 1: '30', 2: '31', 3: '31', 4: '31' };

/** SUBMIT_RESP. From 100 on the makers of gateways have their own. */
const OF_SUBMIT: Record<number, FailureCode> = {
  1: '30',
  2: '30',
  // The number of an earlier message with other content: the gateway took neither this one nor, for all we know, that one.
  3: '103',
  4: '30',
  5: '36',
  6: '61',
  7: '36',
  // Flow control.
  8: '65',
  9: '92',
  10: '36',
  11: '36',
  12: '36',
  13: '14',
};

/** Answers to a deliver. */
export const ANSWER = { taken: 0, malformed: 1, busy: 8, refused: 9 } as const;

export function loginError(status: number): HubError {
  return new HubError(OF_LOGIN[status] ?? '91', `CMPP refused the login with status ${status}`);
}

export function submitError(result: number): HubError {
  return new HubError(OF_SUBMIT[result] ?? '100', `CMPP refused the message with result ${result}`);
}

/** Where the document says that an answer, or a report, is missing: the message may have arrived. */
const NO_ANSWER = /^(MA|MC|CA|DA|SA|IA|IC):/;
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

/**
 * @param stat seven characters; states such as `MA:0001` name the place where the message ended
 * @returns undefined for a state that is not the last one
 */
export function reportState(stat: string): ReportState | undefined {
  const state = stat.trim().toUpperCase();
  if (INTERMEDIATE.has(state)) return undefined;
  if (NO_ANSWER.test(state)) return 'unknown';
  return OF_STAT[state] ?? 'failed';
}
