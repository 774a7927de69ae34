/** Webhooks of WhatsApp -> what people did. Pure. What is of no known type becomes words. */
import { z } from 'zod';
import type { NativeAttachment } from '#adapter-kit';
import type { BotAct, BotContent } from '#bot-contacts';
import { cardPart, locationPart, PHRASES, plainText } from '#protocol';
import { partOf, readStyling } from '#text';
import { changesIn, type Change } from './changes.js';

const Text = z.string().optional().catch(undefined);
const Degrees = (most: number) => z.coerce.number().min(-most).max(most);
const Medium = z.looseObject({
  id: z.string().min(1),
  mime_type: Text,
  filename: Text,
  caption: Text,
  voice: z.boolean().optional().catch(undefined),
});
const Titled = z.looseObject({ title: z.string() });
const Message = z.looseObject({
  from: Text,
  from_user_id: Text,
  group_id: Text,
  id: z.string().min(1).max(256),
  timestamp: z.coerce.number().positive().optional().catch(undefined),
  type: z.string(),
  context: z.looseObject({ id: Text }).optional().catch(undefined),
  text: z
    .looseObject({ body: z.string().min(1) })
    .optional()
    .catch(undefined),
  location: z
    .looseObject({ latitude: Degrees(90), longitude: Degrees(180), name: Text, address: Text })
    .optional()
    .catch(undefined),
  contacts: z
    .array(
      z.looseObject({
        name: z.looseObject({ formatted_name: z.string() }),
        phones: z.array(z.looseObject({ phone: Text })).catch([]),
      }),
    )
    .min(1)
    .optional()
    .catch(undefined),
  button: z
    .looseObject({ text: z.string().min(1) })
    .optional()
    .catch(undefined),
  interactive: z
    .looseObject({ button_reply: Titled.optional(), list_reply: Titled.optional() })
    .optional()
    .catch(undefined),
  reaction: z
    .looseObject({ message_id: z.string().min(1), emoji: Text })
    .optional()
    .catch(undefined),
  system: z.looseObject({ body: Text }).optional().catch(undefined),
});
type Message = z.infer<typeof Message>;

/**
 * @param phoneId of our number
 * @returns undefined for what is no webhook. Statuses are read elsewhere (`readStatuses`)
 */
export function readWebhook(json: unknown, phoneId: string, now = Date.now()): BotAct[] | undefined {
  const changes = changesIn(json, phoneId);
  if (!changes) return undefined;
  const { ours, ofOthers, unreadable } = changes;
  return [
    ...ours.flatMap((change) => actsIn(change, now)),
    ...Array.from({ length: ofOthers }, () => lost('for another number of the account')),
    ...Array.from({ length: unreadable }, () => unreadableBecause('not a change of an account')),
  ];
}

function actsIn({ field, value }: Change, now: number): BotAct[] {
  const { messages, contacts, errors, statuses } = value;
  const acts = messages.map((native) => readMessage(native, contacts, now));
  if (errors.length > 0) acts.push(lost('errors of the account', JSON.stringify(errors).slice(0, 1000)));
  if (acts.length === 0 && statuses.length === 0) acts.push(lost(`"${field}" is for the account alone`));
  return acts;
}

function lost(why: string, id?: string): BotAct {
  return { act: 'lost', kind: 'event', why, ...(id === undefined ? {} : { id }) };
}

function unreadableBecause(why: string): BotAct {
  return { act: 'lost', kind: 'unreadable', why };
}

function readMessage(native: unknown, contacts: Change['value']['contacts'], now: number): BotAct {
  const { data: message } = Message.safeParse(native);
  // People with a username write without their number.
  const from = message?.from ?? message?.from_user_id;
  if (!message || !from) return unreadableBecause('a message without type, id or sender');
  const { id, type, group_id, reaction, system, timestamp, context } = message;
  if (group_id !== undefined) return lost('a message outside of a chat with one person', id);
  if (type === 'system') return lost(`of the chat, not of the person: ${system?.body ?? ''}`, id);
  const contact = contacts.find(({ wa_id, user_id }) => wa_id === from || user_id === from);
  const sentAt = new Date(Math.min((timestamp ?? Infinity) * 1000, now));
  const actor = { id, from, name: contact?.profile.name, sentAt };
  if (type === 'reaction' && reaction) {
    const { message_id: target, emoji } = reaction;
    return { act: 'reaction', ...actor, target, emoji: emoji ? [emoji] : [] };
  }
  return { act: 'message', ...actor, quotes: context?.id, requestStatus: ['read'], ...contentOf(message) };
}

function contentOf(message: Message): Omit<BotContent, 'sentAt'> {
  const { type, text, location, contacts, button, interactive } = message;
  const typed = text?.body ?? button?.text ?? (interactive?.button_reply ?? interactive?.list_reply)?.title;
  if (typed) return { typed, partOf: styledPart };
  if (type === 'location' && location) {
    const { latitude, longitude, name, address } = location;
    return { part: locationPart({ latitude, longitude, label: name ?? address }) };
  }
  const [card] = contacts ?? [];
  if (type === 'contacts' && card && contacts?.length === 1)
    return { part: cardPart({ name: card.name.formatted_name, phone: card.phones[0]?.phone }) };
  const medium = mediumOf(message);
  if (medium) return medium;
  const names = (contacts ?? []).map(({ name }) => name.formatted_name).join(', ');
  return { part: plainText(PHRASES.en.notShown(type, names)) };
}

const MEDIA = new Set(['image', 'video', 'audio', 'document', 'sticker']);

function mediumOf(message: Message): Omit<BotContent, 'sentAt'> | undefined {
  const { type } = message;
  const medium = MEDIA.has(type) ? Medium.safeParse(message[type]).data : undefined;
  if (!medium) return undefined;
  const { id: mediaId, mime_type, filename, caption } = medium;
  const media: NativeAttachment = {
    source: { mediaId },
    disposition: type === 'sticker' ? 'inline' : 'attachment',
    contentType: mime_type?.split(';')[0] || (type === 'document' ? 'application/octet-stream' : `${type}/*`),
    ...(filename ? { filename } : {}),
    ...(type === 'audio' && medium.voice ? { meta: { voice: true } } : {}),
  };
  return { media, ...(caption ? { typed: caption, partOf: styledPart } : {}) };
}

/** The marks of WhatsApp (*bold*, _italic_, ~struck~, `code`) are those of XEP-0393. */
function styledPart(text: string) {
  return partOf(readStyling(text), text);
}
