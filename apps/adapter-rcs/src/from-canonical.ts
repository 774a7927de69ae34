/** Messages to one person -> bodies of requests, in XML (China Mobile) and JSON (China Telecom, China Unicom). Pure. */
import { uuidOf } from '#adapter-webhook';
import { escapeXml } from '#service';
import type { RcsSettings } from './rcs.config.js';

/** A file on the file server of the platform. */
export interface RcsFile {
  url: string;
  contentType?: string | undefined;
  fileName?: string | undefined;
  fileSize?: number | undefined;
  until?: string | undefined;
}

/** Text, or a file. */
export interface RcsMessage {
  /** UUID. */
  id: string;
  /** Mobile number without its country code, 86. */
  to: string;
  content: { text: string } | { file: RcsFile };
}

type Account = Pick<RcsSettings, 'RCS_CHATBOT' | 'RCS_SMS_FALLBACK'>;
const SERVICE = { capabilityId: 'ChatbotSA', version: '+g.gsma.rcs.botversion="#=1"' };
const FORBIDDEN_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

export function jsonMessage({ id, to, content }: RcsMessage, account: Account): object {
  const sms = 'text' in content && account.RCS_SMS_FALLBACK === 'on' ? content.text : undefined;
  const [contentType, contentText] =
    'text' in content
      ? ['text/plain', content.text]
      : ['application/vnd.gsma.rcs-ft-http', [{ type: 'file', ...content.file }]];
  return {
    messageId: id,
    messageList: [{ contentType, contentEncoding: 'utf8', contentText }],
    destinationAddress: [`tel:+86${to}`],
    senderAddress: account.RCS_CHATBOT,
    conversationId: uuidOf(`${account.RCS_CHATBOT} ${to}`),
    contributionId: id,
    serviceCapability: [SERVICE],
    smsSupported: sms !== undefined,
    ...(sms === undefined ? {} : { smsContent: sms }),
    storeSupported: true,
    reportRequest: ['sent', 'failed', 'delivered', 'displayed', 'deliveredToNetwork'],
  };
}

export function xmlMessage({ id, to, content }: RcsMessage, account: Account): string {
  const sms = 'text' in content && account.RCS_SMS_FALLBACK === 'on' ? content.text : undefined;
  const [contentType, body] =
    'text' in content
      ? ['text/plain', content.text]
      : ['application/vnd.gsma.rcs-ft-http+xml', fileXml(content.file)];
  const message = [
    element('contentType', contentType),
    element('conversationID', uuidOf(`${account.RCS_CHATBOT} ${to}`)),
    element('contributionID', id),
    `<serviceCapability>${element('capabilityId', SERVICE.capabilityId)}${element('version', SERVICE.version)}</serviceCapability>`,
    element('shortMessageSupported', String(sms !== undefined)),
    sms === undefined ? '' : element('smsBodyText', sms),
    element('storeSupported', 'true'),
    element('bodyText', body),
    ...['Delivered', 'Displayed', 'Failed'].map((report) => element('reportRequest', report)),
  ];
  const person = `tel:+86${to}`;
  return document('outboundMessageRequest', [
    element('address', person),
    element('destinationAddress', person),
    element('senderAddress', account.RCS_CHATBOT),
    `<outboundIMMessage>${message.join('')}</outboundIMMessage>`,
    element('clientCorrelator', id),
  ]);
}

export function xmlRevoke(to: string): string {
  return document('messageStatusReport', [
    element('status', 'RevokeRequested'),
    element('address', `tel:+86${to}`),
  ]);
}

function fileXml({ url, contentType = '', fileName = '', fileSize = 0, until = '' }: RcsFile): string {
  const facts = `<file-size>${fileSize}</file-size>${element('file-name', fileName)}${element('content-type', contentType)}`;
  const data = `<data url="${escapeXml(url)}" until="${escapeXml(until)}"/>`;
  return `<file xmlns="urn:gsma:params:xml:ns:rcs:rcs:fthttp"><file-info type="file">${facts}${data}</file-info></file>`;
}

function document(name: string, content: string[]): string {
  const root = `msg:${name} xmlns:msg="urn:oma:xml:rest:netapi:messaging:1"`;
  return `<?xml version="1.0" encoding="UTF-8"?><${root}>${content.join('')}</msg:${name}>`;
}

function element(name: string, text: string): string {
  return `<${name}>${escapeXml(text.replace(FORBIDDEN_IN_XML, ''))}</${name}>`;
}
