/** A segment -> the body of submit_sm, or of deliver_sm where an aggregator connects to us; a receipt -> that of deliver_sm. Pure. */
import type { Segment, SenderReceipt } from '../sms.link.js';
import { writeContent, type ContentForm } from './content.js';
import { writeReceipt } from './receipts.js';
import type { SmppSettings } from './smpp.config.js';
import { TAG, writeMessage } from './smpp.pdu.js';

/** A receipt for success and failure (5.2.17). */
const REPORT = 1;

export function formOf({ SMS_DEFAULT_ALPHABET, SMS_LONG }: SmppSettings): ContentForm {
  return { standard: SMS_DEFAULT_ALPHABET, long: SMS_LONG };
}

/** @param id given by us, if we are the centre. @throws HubError 12 */
export function bodyOf(segment: Segment, settings: SmppSettings, id?: string): Buffer {
  const { tags, ...content } = writeContent(segment, formOf(settings));
  return writeMessage({
    ...partiesOf(segment, settings),
    registered: REPORT,
    ...content,
    tags: id === undefined ? tags : new Map([...tags, [TAG.receiptedMessageId, Buffer.from(`${id}\0`)]]),
  });
}

/** From the number that the message was for, to who wrote it. */
export function receiptBody(receipt: SenderReceipt, settings: SmppSettings): Buffer {
  return writeMessage({ ...partiesOf(receipt, settings), registered: 0, ...writeReceipt(receipt) });
}

function partiesOf({ service, person }: Pick<Segment, 'service' | 'person'>, settings: SmppSettings) {
  return {
    from: service,
    fromKind: { ton: settings.SMS_SOURCE_TON, npi: settings.SMS_SOURCE_NPI },
    to: person,
    toKind: { ton: settings.SMS_DEST_TON, npi: settings.SMS_DEST_NPI },
  };
}
