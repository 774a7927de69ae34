/** What an event counts as, for agreements and tariffs. Pure, from the event alone. */
import { leaves, wordsOf, type Part } from './content.js';
import type { HubEvent } from './events.js';

export const TRAFFIC_CLASSES = ['message', 'media', 'sms', 'contact', 'group', 'call'] as const;
export type TrafficClass = (typeof TRAFFIC_CLASSES)[number];

/** In which unit a class is counted. */
export const UNIT_OF = {
  message: 'message',
  media: 'kB',
  sms: 'segment',
  contact: 'request',
  group: 'event',
  call: 'invitation',
} as const satisfies Record<TrafficClass, string>;

export interface Traffic {
  class: TrafficClass;
  units: number;
}

const KB = 1000;

/** undefined: it costs nothing and needs no agreement of its own (receipts, typing, presence, what the switch says). */
export function trafficOf(event: HubEvent): Traffic | undefined {
  switch (event.type) {
    case 'im.hutong.message.v1':
      return event.resolvedby === 'sms'
        ? { class: 'sms', units: smsSegments(wordsOf(event.data.content.body)) }
        : ofBody(event.data.content.body);
    case 'im.hutong.contact.v1':
      return { class: 'contact', units: 1 };
    case 'im.hutong.group.v1':
      return { class: 'group', units: 1 };
    case 'im.hutong.call.v1':
      return { class: 'call', units: 1 };
    case 'im.hutong.receipt.v1':
    case 'im.hutong.typing.v1':
    case 'im.hutong.presence.v1':
    case 'im.hutong.report.v1':
    case 'im.hutong.notice.v1':
      return undefined;
  }
}

/** With a medium that came, by its size; anything else is one message. */
function ofBody(body: Part): Traffic {
  const sizes = leaves(body).flatMap((part) =>
    part.kind === 'external' && part.url !== undefined ? [part.size ?? 0] : [],
  );
  if (sizes.length === 0) return { class: 'message', units: 1 };
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return { class: 'media', units: Math.max(1, Math.ceil(bytes / KB)) };
}

const GSM = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€]*$/u;
const GSM_EXTENSION = /[\^{}\\[~\]|€]/gu;

/** How many short messages the text fills (3GPP TS 23.038, 23.040): 160 or 70 alone, 153 or 67 each when joined. */
export function smsSegments(text: string): number {
  const gsm = GSM.test(text);
  const length = gsm ? text.length + (text.match(GSM_EXTENSION)?.length ?? 0) : text.length;
  const [alone, joined] = gsm ? [160, 153] : [70, 67];
  return length <= alone ? 1 : Math.ceil(length / joined);
}
