/** What a MESSAGE carries besides words: receipts (RFC 5438) and signs of writing (RFC 3994). */
import { escapeXml, first, readXml } from './xml-texts.js';

export const IMDN_TYPE = 'message/imdn+xml';
export const COMPOSING_TYPE = 'application/im-iscomposing+xml';

export type ReceiptKind = 'delivery' | 'display';
export type ReceiptStatus = 'delivered' | 'displayed' | 'failed' | 'forbidden' | 'error';

export interface Receipt {
  messageId: string;
  kind: ReceiptKind;
  status: ReceiptStatus;
}

const STATUSES: readonly ReceiptStatus[] = ['delivered', 'displayed', 'failed', 'forbidden', 'error'];

export function writeReceipt(
  { messageId, kind, status }: Receipt,
  sentAt: string,
  recipient: string,
): Buffer {
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\r\n<imdn xmlns="urn:ietf:params:xml:ns:imdn">` +
      `<message-id>${escapeXml(messageId)}</message-id><datetime>${escapeXml(sentAt)}</datetime>` +
      `<recipient-uri>${escapeXml(recipient)}</recipient-uri>` +
      `<${kind}-notification><status><${status}/></status></${kind}-notification></imdn>\r\n`,
  );
}

/** @returns undefined for anything else */
export function readReceipt(text: string): Receipt | undefined {
  const root = readXml(text);
  const messageId = first(root, 'message-id')?.text;
  if (root?.name !== 'imdn' || !messageId) return undefined;
  for (const kind of ['delivery', 'display'] as const) {
    const found = first(first(root, `${kind}-notification`), 'status')?.children[0]?.name;
    const status = STATUSES.find((one) => one === found);
    if (status) return { messageId, kind, status };
  }
  return undefined;
}

/** Seconds after which a person who goes on is reported again (RFC 3994 §3.2: at least 60). */
const REFRESH = 60;

export function writeComposing(isActive: boolean): Buffer {
  const active = `<state>active</state><contenttype>text/plain</contenttype><refresh>${REFRESH}</refresh>`;
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\r\n<isComposing xmlns="urn:ietf:params:xml:ns:im-iscomposing">` +
      `${isActive ? active : '<state>idle</state>'}</isComposing>\r\n`,
  );
}

/** §3.2: a state that is not known means idle. */
export function readComposing(text: string): 'active' | 'idle' | undefined {
  const root = readXml(text);
  if (root?.name !== 'isComposing') return undefined;
  return first(root, 'state')?.text === 'active' ? 'active' : 'idle';
}
