/** A segment -> the body of submit_sm, or of deliver_sm where an aggregator connects to us. Pure. */
import type { Segment } from '../sms.link.js';
import { writeContent, type ContentForm } from './content.js';
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
    from: segment.service,
    fromKind: { ton: settings.SMS_SOURCE_TON, npi: settings.SMS_SOURCE_NPI },
    to: segment.person,
    toKind: { ton: settings.SMS_DEST_TON, npi: settings.SMS_DEST_NPI },
    registered: REPORT,
    ...content,
    tags: id === undefined ? tags : new Map([...tags, [TAG.receiptedMessageId, Buffer.from(`${id}\0`)]]),
  });
}
