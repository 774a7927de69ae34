/** The interface of China Mobile: OMA NetAPI in XML. */
import { createHash, randomUUID } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import type { Incoming, Outgoing } from '#simulators';
import type { Chat } from './chat.js';
import type { Api, FileAt, Notice, Status, Writer } from './dialect.js';
import { CHATBOT } from './ids.js';
import type { Notifier } from './notifier.js';

export interface XmlAccount {
  appId: string;
  appKey: string;
}

interface OutboundXml {
  destinationAddress?: string;
  outboundIMMessage?: {
    contentType?: string;
    bodyText?: string;
    shortMessageSupported?: string;
    smsBodyText?: string;
    contributionID?: string;
    conversationID?: string;
    serviceCapability?: { capabilityId?: string };
  };
}

const NAMESPACE = 'urn:oma:xml:rest:netapi:messaging:1';
const FT = 'application/vnd.gsma.rcs-ft-http+xml';
const SUGGESTION = 'application/vnd.gsma.botsuggestion.response.v1.0+json';
const MOST_TEXT = 2000;
const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
});

const NAMES: Record<Status, string> = {
  sent: 'MessageSent',
  delivered: 'DeliveredToTerminal',
  displayed: 'MessageDisplayed',
  sms: 'DeliveredToNetwork',
  failed: 'DeliveryImpossible',
  revoked: 'Revoked',
  'revoke-failed': 'RevokeFailed',
};

/** Failures, by the numbers of the other dialect. */
const FAILURES: Record<string, string> = { 1: 'SVC0004', 2: 'SVC4001' };

/** `Basic`, then id and the SHA-256 of token and date. */
function authorization({ appId, appKey }: XmlAccount, date: string): string {
  const digest = createHash('sha256').update(`${appKey}${date}`).digest('hex');
  return `Basic ${Buffer.from(`${appId}:${digest}`).toString('base64')}`;
}

export class XmlWriter implements Writer {
  constructor(private readonly account: XmlAccount) {}

  message(
    from: string,
    id: string,
    content: Parameters<Writer['message']>[2],
    about: { contribution: string; answers?: string },
  ) {
    const [type, body] =
      'text' in content
        ? ['text/plain', text(content.text)]
        : 'file' in content
          ? [FT, `<![CDATA[${fileXml(content.file)}]]>`]
          : [
              SUGGESTION,
              text(
                JSON.stringify({
                  response: { reply: { displayText: content.suggestion, postback: { data: 'x' } } },
                }),
              ),
            ];
    const answers =
      about.answers === undefined
        ? ''
        : `<inReplyToContributionID>${about.answers}</inReplyToContributionID>`;
    return notice('InboundMessageNotification', 'inboundMessageNotification', [
      `<inboundMessage><destinationAddress>${CHATBOT}</destinationAddress>`,
      `<senderAddress> sip:+86${from}@gd.ims.mnc000.mcc460.3gppnetwork.org </senderAddress>`,
      `<origUser>tel:+86${from}</origUser><dateTime>${new Date().toISOString()}</dateTime>`,
      `<messageId>${id}</messageId><contentType>${type}</contentType><bodyText>${body}</bodyText>`,
      `<conversationID>${randomUUID()}</conversationID><contributionID>${about.contribution}</contributionID>${answers}`,
      '</inboundMessage>',
    ]);
  }

  status(to: string, id: string, status: Status, code: string, words: string): Notice {
    const about = `<address>tel:+86${to}</address><messageId>${id}</messageId>`;
    const link = `<link rel="OutboundMessageRequest" href="https://example.com/messaging/v1/outbound/x/requests/${id}"/>`;
    if (status === 'revoked' || status === 'revoke-failed')
      return notice('MessageStatusNotification', 'messageStatusNotification', [
        `${about}<status>${NAMES[status]}</status>${link}`,
      ]);
    const description =
      code === '' ? '' : `<description>${FAILURES[code] ?? code}</description><text>${text(words)}</text>`;
    return notice('DeliveryInfoNotification', 'deliveryInfoNotification', [
      `<deliveryInfo>${about}<deliveryStatus>${NAMES[status]}</deliveryStatus>${description}</deliveryInfo>${link}`,
    ]);
  }

  proof(wrong: boolean): Record<string, string> {
    // The time of Beijing under the name of Greenwich, as platforms write it.
    const date = new Date(Date.now() + 8 * 3600_000).toUTCString();
    const account = wrong ? { ...this.account, appKey: 'another key' } : this.account;
    return { date, authorization: authorization(account, date) };
  }
}

export class XmlApi implements Api {
  /** What becomes of files after their review. */
  review: 'passed' | 'refused' = 'passed';
  uploads = 0;

  constructor(
    private readonly chat: Chat,
    private readonly account: XmlAccount,
    private readonly notifier: Notifier,
  ) {}

  async answer(call: Incoming): Promise<Outgoing> {
    const { chat } = this;
    if (call.header('authorization') !== authorization(this.account, call.header('date')))
      return refused(401, 'POL0001', 'authentication failed');
    const path = decodeURIComponent(call.path);
    const [, revoked] = /^\/messaging\/v1\/outbound\/[^/]+\/requests\/([^/]+)\/status$/.exec(path) ?? [];
    if (call.method === 'PUT' && revoked !== undefined)
      return chat.revoke(revoked) ? empty() : refused(404, 'SVC0002', 'no such message');
    if (call.method === 'POST' && path === `/messaging/group/v1/outbound/${CHATBOT}/requests`)
      return this.send(call);
    if (call.method === 'POST' && path === '/Content') return this.upload(call);
    if (call.method === 'GET' && path.startsWith('/files/')) return download(chat, path);
    return refused(404, 'SVC0002', 'no such resource');
  }

  private async send(call: Incoming): Promise<Outgoing> {
    const { faults } = this.chat;
    const silence = faults.takeSilence();
    if (silence === 'lost') return 'hang-up';
    const answer = this.message(call);
    const delay = faults.takeDelay();
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay).unref());
    return silence === 'taken' ? 'hang-up' : answer;
  }

  private message(call: Incoming): Outgoing {
    const trouble = troubleOf(this.chat.faults.takeRefusal());
    if (trouble) return trouble;
    const document = parser.parse(call.body.toString('utf8'), true) as {
      outboundMessageRequest?: OutboundXml;
    };
    const { destinationAddress = '', outboundIMMessage: message = {} } =
      document.outboundMessageRequest ?? {};
    const [, to] = /^tel:\+86(\d+)$/.exec(destinationAddress) ?? [];
    const { contentType, bodyText = '', contributionID: contribution, conversationID } = message;
    const isWhole = contribution && conversationID && message.serviceCapability?.capabilityId === 'ChatbotSA';
    if (to === undefined || !contribution || !isWhole) return refused(400, 'SVC0002', 'msg decode fail');
    if (call.header('address') !== `+86${to}`)
      return refused(400, 'SVC0002', 'the header Address is missing');
    const sms = message.shortMessageSupported === 'true' ? message.smsBodyText : undefined;
    const url = contentType === FT ? urlIn(bodyText) : undefined;
    const isText = contentType === 'text/plain' && bodyText !== '' && bodyText.length <= MOST_TEXT;
    if (!isText && !this.chat.fileAt(url ?? '')) return refused(400, 'SVC0002', 'AO msg content invalid');
    const id = this.chat.take({
      to,
      content: url === undefined ? { text: bodyText } : { url },
      sms,
      contribution,
    });
    return xml(
      201,
      `<msg:outboundMessageRequest xmlns:msg="${NAMESPACE}"><messageId>${id}</messageId></msg:outboundMessageRequest>`,
    );
  }

  private async upload(call: Incoming): Promise<Outgoing> {
    const headers = { 'content-type': call.header('content-type') };
    const form = await new Response(new Uint8Array(call.body), { headers }).formData();
    const file = form.get('File');
    if (!(file instanceof File) || call.header('terminal-type') !== 'Chatbot')
      return refused(400, 'SVC0002', 'no file');
    const kept = this.chat.keep(Buffer.from(await file.arrayBuffer()), file.type, file.name);
    this.uploads++;
    const tid = randomUUID();
    const authstatus = this.review === 'passed' ? '0' : '1';
    this.notifier.enqueue(`review ${tid}`, {
      path: `/InboundMessageNotification/${encodeURIComponent(CHATBOT)}`,
      type: 'application/xml',
      body: fileXml(kept),
      headers: { tid, authstatus },
    });
    return { ...empty(), status: 200, headers: { tid } };
  }
}

/** @param code 429: over the rate */
function troubleOf(code: number | undefined): Outgoing | undefined {
  if (code === undefined) return undefined;
  return code === 429
    ? refused(403, 'POL0009', 'Maximum number of requests exceeded')
    : refused(400, `SVC${String(code).padStart(4, '0')}`, 'refused by the test');
}

function download(chat: Chat, path: string): Outgoing {
  const trouble = chat.faults.takeTrouble();
  const file = chat.fileAt(path);
  if (trouble === 'fails' || !file) return { ...empty(), status: file ? 500 : 404 };
  return { status: 200, type: file.type, body: file.bytes, breaksOff: trouble === 'breaks-off' };
}

function urlIn(body: string): string | undefined {
  const document = parser.parse(body) as { file?: { 'file-info'?: { data?: { '@url'?: string } } } };
  return document.file?.['file-info']?.data?.['@url'];
}

function fileXml({ url, type, name, size }: FileAt): string {
  const until = new Date(Date.now() + 7 * 24 * 3600_000).toISOString();
  const thumbnail = `<file-info type="thumbnail"><file-size>100</file-size><content-type>image/png</content-type><data url="${text(url)}-small" until="${until}"/></file-info>`;
  const file = `<file-info type="file"><file-size>${size}</file-size><file-name>${text(name)}</file-name><content-type>${type}</content-type><data url="${text(url)}" until="${until}"/></file-info>`;
  return `<?xml version="1.0" encoding="UTF-8"?><file xmlns="urn:gsma:params:xml:ns:rcs:rcs:fthttp">${thumbnail}${file}</file>`;
}

function notice(path: string, root: string, content: string[]): Notice {
  return {
    path: `/${path}/${encodeURIComponent(CHATBOT)}`,
    type: 'application/xml',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<msg:${root} xmlns:msg="${NAMESPACE}">${content.join('')}</msg:${root}>`,
  };
}

function text(words: string): string {
  return words
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function xml(status: number, body: string) {
  return { status, type: 'application/xml', body: `<?xml version="1.0" encoding="UTF-8"?>${body}` };
}

function empty() {
  return { status: 204, type: 'application/xml', body: '' };
}

function refused(status: number, code: string, words: string) {
  const exception = `<policyException><exceptionId>${code}</exceptionId><text>${words}</text></policyException>`;
  return xml(
    status,
    `<common:requestError xmlns:common="urn:oma:xml:rest:netapi:common:1">${exception}</common:requestError>`,
  );
}
