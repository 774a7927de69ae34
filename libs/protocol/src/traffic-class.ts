/** The traffic class and units of an event, for agreements and tariffs. A function of the event only. */
import { leaves, wordsOf, type Part } from './content.js';
import type { HubEvent } from './events.js';
import { smsSegments } from './sms-segments.js';

export const TRAFFIC_CLASSES = ['message', 'media', 'sms', 'contact', 'group', 'call'] as const;
export type TrafficClass = (typeof TRAFFIC_CLASSES)[number];

/** The unit of each class. */
export const UNIT_OF = {
  message: 'message',
  media: 'kB',
  sms: 'segment',
  contact: 'request',
  group: 'event',
  call: 'second',
} as const satisfies Record<TrafficClass, string>;

export interface Traffic {
  class: TrafficClass;
  units: number;
}

const KB = 1000;

/** undefined: the event is free and needs no agreement (receipts, typing, presence, notices and reports of the switch). */
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
      // Clearing counts the seconds between the answer and the end.
      return { class: 'call', units: 0 };
    case 'im.hutong.receipt.v1':
    case 'im.hutong.typing.v1':
    case 'im.hutong.presence.v1':
    case 'im.hutong.report.v1':
    case 'im.hutong.notice.v1':
      return undefined;
  }
}

/** A message with attachments in the media store is counted by their size, any other message as one. */
function ofBody(body: Part): Traffic {
  const sizes = leaves(body).flatMap((part) =>
    part.kind === 'external' && part.url !== undefined ? [part.size ?? 0] : [],
  );
  if (sizes.length === 0) return { class: 'message', units: 1 };
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return { class: 'media', units: Math.max(1, Math.ceil(bytes / KB)) };
}
