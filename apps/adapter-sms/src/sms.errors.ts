/** What a report says of a segment that did not arrive -> result codes, and back. Refusals of a submit are the link's. */
import type { FailureCode, ResultCode } from '#protocol';
import type { DeliveryReport, ReportState } from './sms.link.js';

const BY_STATE: Record<Exclude<ReportState, 'delivered'>, FailureCode> = {
  failed: '100',
  expired: '68',
  rejected: '100',
  unknown: '103',
};
/**
 * The centre of the recipient knows nobody of that number: MK and MB 0001 of China Mobile, and the error of GSM that receipts of SMPP
 * name (unknownSubscriber, 3GPP TS 29.002).
 */
const NOBODY = /^(?:M[BK]:|UNDELIV err:)0*1$/;

export function failureOf({ state, detail }: DeliveryReport): { code: FailureCode; detail: string } {
  const code = state === 'delivered' ? '100' : NOBODY.test(detail) ? '14' : BY_STATE[state];
  return { code, detail: `the carrier reported ${state} ${detail}`.trim().slice(0, 300) };
}

/** Not carried because of a rule: of content, of a person, of an agreement, of a limit. */
const BY_RULE: ReadonlySet<ResultCode> = new Set([
  '12',
  '30',
  '31',
  '36',
  '40',
  '57',
  '61',
  '65',
  '71',
  '93',
]);
/** The message arrived, without its attachment. */
const WITHOUT_ATTACHMENT: ReadonlySet<ResultCode> = new Set(['105', '106', '107', '108']);

/** What a receipt says of a message of a person. @returns undefined: it is still on its way */
export function receiptOf(code: ResultCode): { state: ReportState; error: string } | undefined {
  if (code === '08' || code === '104') return undefined;
  if (code === '00' || WITHOUT_ATTACHMENT.has(code)) return { state: 'delivered', error: '000' };
  // As carriers say that nobody has a number, and as `NOBODY` reads it.
  const error = code === '14' ? '001' : code.padStart(3, '0');
  if (code === '68') return { state: 'expired', error };
  if (code === '103') return { state: 'unknown', error };
  return { state: BY_RULE.has(code) ? 'rejected' : 'failed', error };
}
