/** What a report says of a segment that did not arrive -> result codes. Refusals of a submit are the link's. */
import type { FailureCode } from '#protocol';
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
