/** Messages to one person -> bodies of requests of the Cloud API. Pure. */
import type { MediaKind, MessageEvent } from '#protocol';
import { networkOf } from '#protocol';

const ABOUT = { messaging_product: 'whatsapp', recipient_type: 'individual' };
export const TYPE_OF: Record<MediaKind, string> = {
  image: 'image',
  voice: 'audio',
  video: 'video',
  file: 'document',
};

export interface Envelope {
  /** Telephone number in E.164 without "+", or an id of a person in this business. */
  to: string;
  /** Id of the message that is answered. */
  answers?: string | undefined;
  /** Comes back in every status of the message, at most 512 bytes. */
  label?: string;
}

/** The label of an event: statuses bring back the delivery and the event that they are about. */
export function labelOf(key: string, event: MessageEvent): string {
  return `${key} ${networkOf(event.data.from.address)} ${event.id}`;
}

export function messageBody({ to, answers, label }: Envelope, type: string, content: object): object {
  return {
    ...ABOUT,
    ...(/^\d/.test(to) ? { to } : { recipient: to }),
    type,
    [type]: content,
    ...(answers === undefined ? {} : { context: { message_id: answers } }),
    ...(label === undefined ? {} : { biz_opaque_callback_data: label }),
  };
}

/** "Read" holds for the messages before it, too. */
export function readBody(message_id: string): object {
  return { messaging_product: 'whatsapp', status: 'read', message_id };
}
