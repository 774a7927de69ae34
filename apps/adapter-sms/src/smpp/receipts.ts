/** Delivery receipts (SMPP 3.4, appendix B and 5.3.2.12, 5.3.2.35) -> reports, and our own as the centre. Pure. */
import type { DeliveryReport, ReportState, SenderReceipt } from '../sms.link.js';
import { shownId } from './message-ids.js';
import { TAG, type SmppMessage } from './smpp.pdu.js';

/** How a gateway writes the numbers of messages: in its answers and in its receipts, which may differ. */
export type IdForm = 'text' | 'hex' | 'decimal';

/** message_state, and how receipts spell it. */
const STATES: readonly (string | undefined)[] = [
  undefined,
  'ENROUTE',
  'DELIVRD',
  'EXPIRED',
  'DELETED',
  'UNDELIV',
  'ACCEPTD',
  'UNKNOWN',
  'REJECTD',
];
const FINAL: Readonly<Record<string, ReportState>> = {
  DELIVRD: 'delivered',
  EXPIRED: 'expired',
  DELETED: 'failed',
  UNDELIV: 'failed',
  UNKNOWN: 'unknown',
  REJECTD: 'rejected',
};
const WRITTEN: Readonly<Record<ReportState, string>> = {
  delivered: 'DELIVRD',
  expired: 'EXPIRED',
  failed: 'UNDELIV',
  unknown: 'UNKNOWN',
  rejected: 'REJECTD',
};
/** esm_class (5.2.12). */
const DELIVERY_RECEIPT = 0x04;
const ON_ITS_WAY: ReadonlySet<string> = new Set(['ENROUTE', 'ACCEPTD', 'SCHEDULED', 'BUFFRED', 'BUFFERED']);

/** Numbers in two forms are compared as numbers. */
export function canonicalId(written: string, form: IdForm): string {
  const id = written.trim();
  if (form === 'hex' && /^[0-9a-f]{1,64}$/i.test(id)) return BigInt(`0x${id}`).toString();
  if (form === 'decimal' && /^\d{1,64}$/.test(id)) return BigInt(id).toString();
  return id;
}

/** @returns undefined when it names no message or no state; "on its way" for an intermediate one */
export function readReceipt(message: SmppMessage, form: IdForm): DeliveryReport | 'on its way' | undefined {
  const text = Buffer.from(message.text).toString('latin1');
  const tagged = message.tags.get(TAG.receiptedMessageId)?.toString('latin1').replace(/\0.*$/s, '');
  const id = /\bid:\s*(\S+)/i.exec(text)?.[1] ?? tagged;
  const state = stateIn(message, text);
  if (!id || state === undefined) return undefined;
  if (ON_ITS_WAY.has(state)) return 'on its way';
  const final = FINAL[state];
  if (!final) return undefined;
  const error = /\berr:\s*(\w{1,10})/i.exec(text)?.[1];
  const detail = error === undefined ? state : `${state} err:${error}`;
  return { messageId: canonicalId(id, form), person: message.from.replace(/\D/g, ''), state: final, detail };
}

function stateIn({ tags }: SmppMessage, text: string): string | undefined {
  const tagged = tags.get(TAG.messageState)?.[0];
  return /\bstat:\s*(\w{1,12})/i.exec(text)?.[1]?.toUpperCase() ?? STATES[tagged ?? 0];
}

type WrittenReceipt = Pick<SmppMessage, 'esmClass' | 'coding' | 'text' | 'tags'>;

/** The words of the message are left out: they are the sender's, who knows them. */
export function writeReceipt({ id, state, error, submittedAt, doneAt }: SenderReceipt): WrittenReceipt {
  const [shown, stat] = [shownId(id), WRITTEN[state]];
  const delivered = state === 'delivered' ? '001' : '000';
  const dates = `submit date:${minuteOf(submittedAt)} done date:${minuteOf(doneAt)}`;
  const text = `id:${shown} sub:001 dlvrd:${delivered} ${dates} stat:${stat} err:${error} text:`;
  return {
    esmClass: DELIVERY_RECEIPT,
    coding: 0,
    text: Buffer.from(text, 'latin1'),
    tags: new Map([
      [TAG.receiptedMessageId, Buffer.from(`${shown}\0`, 'latin1')],
      [TAG.messageState, Buffer.of(STATES.indexOf(stat))],
    ]),
  };
}

/** YYMMDDhhmm, UTC. */
function minuteOf(at: Date): string {
  return at.toISOString().replace(/\D/g, '').slice(2, 12);
}
