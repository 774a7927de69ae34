/** Notifications of a platform, in XML (China Mobile) or JSON (China Telecom, China Unicom) -> what they tell. Pure. */
import { z } from 'zod';
import type { LateReport } from '#adapter-kit';
import type { BotAct } from '#bot-contacts';
import { child, type XmlElement } from '#service';
import { contentOf, fileIn, filesIn, personIn, reportOf } from './to-canonical.js';

/** What became of a message of ours. */
export interface RcsStatus {
  native: string;
  /** undefined: it is on its way. */
  report?: LateReport | undefined;
  /** The result of a recall. */
  revoked?: boolean;
}

export interface Told {
  acts: BotAct[];
  statuses: RcsStatus[];
  /** The result of the review of a file that we uploaded; without an address it was refused. */
  review?: { tid: string; url: string | undefined };
}

/** A notification in XML, with the headers about a review. */
export interface XmlNotification {
  root: XmlElement | undefined;
  tid: string;
  authStatus: string;
}

const Text = z.string().optional().catch(undefined);
const Id = z.string().min(1).max(256);
const Uplink = z.looseObject({
  messageId: Id,
  messageList: z
    .array(z.looseObject({ contentType: z.string(), contentEncoding: Text, contentText: z.unknown() }))
    .min(1)
    .max(20),
  senderAddress: z.string(),
  dateTime: Text,
  inReplyTo: Text,
});
const Delivery = z.looseObject({
  messageId: Id,
  status: z.string(),
  errorCode: z.union([z.string(), z.number()]).optional().catch(undefined),
  errorMessage: Text,
});

/** @returns undefined for what is no notification of this dialect */
export function readJsonNotification(json: unknown, now = Date.now()): Told | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  if ('messageList' in json) return uplink(json, now);
  if ('deliveryInfoList' in json) {
    const list: unknown[] = Array.isArray(json.deliveryInfoList) ? json.deliveryInfoList : [];
    return told(list.length > 0 ? list.map(statusOf) : [unreadable()]);
  }
  // Complaints, and reviews of the account and of permanent media.
  if ('spamType' in json || 'result' in json) return told([lost('event', 'a notice about the account')]);
  return undefined;
}

/** @returns undefined for what is no notification of this dialect */
export function readXmlNotification(json: unknown, now = Date.now()): Told | undefined {
  const { root, tid, authStatus } = json as XmlNotification;
  const field = (element: XmlElement | undefined, name: string) => child(element, name)?.text.trim();
  // The last part of the address of a message is its id.
  const link = child(root, 'link')?.attributes['href']?.split('/').at(-1);
  switch (root?.name.replace(/^\w+:/, '')) {
    case 'inboundMessageNotification': {
      const message = child(root, 'inboundMessage');
      const item = {
        contentType: field(message, 'contentType'),
        contentEncoding: field(message, 'contentEncoding'),
        contentText: child(message, 'bodyText')?.text,
      };
      const native = {
        messageId: field(message, 'messageId'),
        messageList: [item],
        senderAddress: field(message, 'senderAddress'),
        dateTime: field(message, 'dateTime'),
        inReplyTo: field(message, 'inReplyToContributionID'),
      };
      return uplink(native, now);
    }
    case 'deliveryInfoNotification': {
      const about = child(root, 'deliveryInfo');
      const status = {
        messageId: field(about, 'messageId') ?? link,
        status: field(about, 'deliveryStatus'),
        errorCode: field(about, 'description'),
        errorMessage: field(about, 'text'),
      };
      return told([statusOf(status)]);
    }
    case 'messageStatusNotification':
      return told([statusOf({ messageId: field(root, 'messageId') ?? link, status: field(root, 'status') })]);
    case 'file':
      if (tid === '') return undefined;
      return { ...told([]), review: { tid, url: authStatus === '0' ? urlIn(root) : undefined } };
    default:
      return undefined;
  }
}

function urlIn(root: XmlElement | undefined): string | undefined {
  return fileIn(filesIn(root))?.media.source['url'];
}

function uplink(native: unknown, now: number): Told {
  const { data } = Uplink.safeParse(native);
  const from = data && personIn(data.senderAddress);
  if (!data || !from) return told([unreadable()]);
  const at = Date.parse(data.dateTime ?? '');
  const sentAt = new Date(Math.min(Number.isNaN(at) ? now : at, now));
  const acts = data.messageList.map(({ contentType, contentEncoding, contentText }, n): BotAct => {
    // Two contents in one message are two messages elsewhere.
    const id = n === 0 ? data.messageId : `${data.messageId}.${n + 1}`;
    const content = contentOf(contentType, contentEncoding, contentText);
    if (typeof content === 'string') return { ...lost('event', content), id };
    return { act: 'message', id, from, sentAt, quotes: data.inReplyTo, ...content };
  });
  return told(acts);
}

function statusOf(native: unknown): RcsStatus | BotAct {
  const { data } = Delivery.safeParse(native);
  if (!data) return unreadable();
  const { messageId, status, errorCode = '', errorMessage = '' } = data;
  if (/^revoke(?:d|ok|fail(?:ed)?)$/i.test(status))
    return { native: messageId, revoked: !/fail/i.test(status) };
  const report = reportOf(status, String(errorCode), errorMessage);
  return report === 'unknown'
    ? { ...lost('event', `a status of no known name: ${status.slice(0, 100)}`), id: messageId }
    : { native: messageId, report };
}

function told(all: (BotAct | RcsStatus)[]): Told {
  return {
    acts: all.filter((one) => 'act' in one),
    statuses: all.filter((one) => 'native' in one),
  };
}

function unreadable() {
  return lost('unreadable', 'a notification without id, content or address');
}

function lost(kind: 'event' | 'unreadable', why: string): BotAct & { act: 'lost' } {
  return { act: 'lost', kind, why };
}
