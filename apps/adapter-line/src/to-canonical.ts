/** Webhook events of LINE -> what a person did. Pure. What is of no known type becomes words. */
import { z } from 'zod';
import type { NativeAttachment } from '#adapter-kit';
import type { BotAct, BotContent } from '#bot-contacts';
import { locationPart, PHRASES, plainText } from '#protocol';

const Text = z.string().optional().catch(undefined);
const Message = z.looseObject({
  id: z.string(),
  type: z.string(),
  text: Text,
  quoteToken: Text,
  quotedMessageId: Text,
  fileName: Text,
  title: Text,
  address: Text,
  latitude: z.number().min(-90).max(90).optional().catch(undefined),
  longitude: z.number().min(-180).max(180).optional().catch(undefined),
  keywords: z.array(z.string()).catch([]),
  contentProvider: z.looseObject({ originalContentUrl: Text }).optional().catch(undefined),
});
const Event = z.looseObject({
  type: z.string(),
  webhookEventId: z.string(),
  timestamp: z.number().optional().catch(undefined),
  replyToken: Text,
  source: z
    .looseObject({ type: z.literal('user'), userId: z.string() })
    .optional()
    .catch(undefined),
  message: Message.optional().catch(undefined),
  unsend: z.looseObject({ messageId: z.string() }).optional().catch(undefined),
});
const Webhook = z.looseObject({ events: z.array(z.unknown()) });

/** @returns undefined for what is no webhook. An empty list is LINE's check of the address. */
export function readWebhook(json: unknown, now = Date.now()): BotAct[] | undefined {
  return Webhook.safeParse(json).data?.events.map((event) => readEvent(event, now));
}

function readEvent(native: unknown, now: number): BotAct {
  const event = Event.safeParse(native).data;
  if (!event) return { act: 'lost', kind: 'unreadable', why: 'an event without type or id' };
  const { webhookEventId: id, type, timestamp = now, source, replyToken, message, unsend } = event;
  if (!source) return { act: 'lost', kind: 'event', why: `"${type}" outside of a chat with one person`, id };
  const sentAt = new Date(Math.min(timestamp, now));
  const actor = { id, from: source.userId, replyToken };
  if (type === 'follow') return { act: 'asked', ...actor };
  if (type === 'unsend' && unsend) return { act: 'recall', ...actor, target: unsend.messageId, sentAt };
  if (type === 'message' && message)
    return { act: 'message', ...actor, id: message.id, sentAt, ...contentOf(message) };
  return { act: 'lost', kind: 'event', why: `"${type}" is for the account alone`, id };
}

const MEDIA = new Set(['image', 'video', 'audio', 'file']);

function contentOf(message: z.infer<typeof Message>): Omit<BotContent, 'sentAt'> {
  const { id, type, text, keywords, latitude, longitude, title, address: label } = message;
  const { quotedMessageId: quotes, quoteToken: conversation } = message;
  const about = { quotes, ...(conversation ? { conversation } : {}) };
  if (type === 'text' && text) return { ...about, typed: text };
  if (type === 'location' && latitude !== undefined && longitude !== undefined)
    return { ...about, part: locationPart({ latitude, longitude, label: title ?? label }) };
  if (!MEDIA.has(type)) {
    const words = [text, ...keywords].filter(Boolean).join(', ');
    return { ...about, part: plainText(PHRASES.en.notShown(type, words)) };
  }
  const url = message.contentProvider?.originalContentUrl;
  const media: NativeAttachment = {
    source: url === undefined ? { messageId: id } : { url },
    disposition: 'attachment',
    contentType: type === 'file' ? 'application/octet-stream' : `${type}/*`,
    ...(message.fileName === undefined ? {} : { filename: message.fileName }),
    ...(type === 'audio' ? { meta: { voice: true } } : {}),
  };
  return { ...about, media };
}
