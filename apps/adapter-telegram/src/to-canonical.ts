/** Updates of Telegram -> what a person did. Pure. What is of no known type becomes words. */
import { z } from 'zod';
import type { NativeAttachment } from '#adapter-kit';
import type { BotAct, BotContent } from '#bot-contacts';
import { cardPart, locationPart, PHRASES, plainText, qualifiedEmoji } from '#protocol';
import { Entities, formatOf } from '#text';

const Text = z.string().optional().catch(undefined);
const optional = <Shape extends z.ZodType>(shape: Shape) => shape.optional().catch(undefined);
const File = z.looseObject({
  file_id: z.string(),
  mime_type: Text,
  file_name: Text,
  emoji: Text,
  duration: optional(z.number().min(0).max(86_400)),
  is_animated: optional(z.boolean()),
  is_video: optional(z.boolean()),
});
const Chat = z.looseObject({ id: z.int(), type: z.string() });
const User = z.looseObject({ first_name: Text, last_name: Text });
const Place = z.looseObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});
const Message = z.looseObject({
  message_id: z.int(),
  date: z.number().catch(NaN),
  edit_date: z.number().catch(NaN),
  chat: Chat,
  from: optional(User),
  text: Text,
  caption: Text,
  entities: Entities,
  caption_entities: Entities,
  reply_to_message: optional(z.looseObject({ message_id: z.int() })),
  photo: z.array(File).catch([]),
  voice: optional(File),
  audio: optional(File),
  video: optional(File),
  video_note: optional(File),
  animation: optional(File),
  document: optional(File),
  sticker: optional(File),
  location: optional(Place),
  venue: optional(z.looseObject({ title: Text })),
  poll: optional(
    z.looseObject({ question: z.string(), options: z.array(z.looseObject({ text: z.string() })) }),
  ),
  contact: optional(z.looseObject({ phone_number: Text, first_name: Text, last_name: Text })),
});
type Message = z.infer<typeof Message>;
const Reaction = z.looseObject({
  chat: Chat,
  message_id: z.int(),
  date: z.number().catch(NaN),
  user: optional(User),
  new_reaction: z.array(z.looseObject({ type: z.string(), emoji: Text })),
});
const Numbered = z.looseObject({ update_id: z.int() });
const Update = z.looseObject({
  update_id: z.int(),
  message: optional(Message),
  edited_message: optional(Message),
  message_reaction: optional(Reaction),
});

/** Also with what the link to the bot gives along: `t.me/<bot>?start=<payload>`. */
const START = /^\/start(?:@\w+)?(?:\s|$)/;

/** Message ids are unique in a chat only. Chats with one person have the id of that person. */
export function nativeIdOf(chat: string | number, message: number): string {
  return `${chat}-${message}`;
}

/** @returns 0 for an update without a number, which Telegram does not send */
export function numberOf(json: unknown): number {
  return Numbered.safeParse(json).data?.update_id ?? 0;
}

/** @returns undefined for what is no update */
export function readUpdate(json: unknown, now = Date.now()): BotAct[] | undefined {
  const update = Update.safeParse(json).data;
  if (!update) return undefined;
  const { update_id, message, edited_message: edited, message_reaction: reaction } = update;
  const written = message ?? edited;
  const about = written ?? reaction;
  const id = `update-${update_id}`;
  if (!about) {
    const kinds = Object.keys(update).filter((key) => key !== 'update_id');
    return [
      { act: 'lost', kind: 'event', why: `"${kinds.join(', ').slice(0, 100)}" is for the bot alone`, id },
    ];
  }
  const { chat, message_id } = about;
  if (chat.type !== 'private')
    return [{ act: 'lost', kind: 'event', why: `in a ${chat.type.slice(0, 40)}, not with one person`, id }];
  const at = (seconds: number) => new Date(seconds >= 0 ? Math.min(seconds * 1000, now) : now);
  const native = nativeIdOf(chat.id, message_id);
  const actor = { from: String(chat.id), name: nameOf(written ? written.from : reaction?.user) };
  if (!written) {
    const emoji = (reaction?.new_reaction ?? []).map((one) => qualifiedEmoji(one.emoji ?? '⭐'));
    return [{ act: 'reaction', ...actor, id, target: native, emoji, sentAt: at(about.date) }];
  }
  const sentAt = at(about.date);
  if (!message) {
    const words = wordsOf(written);
    const change = { ...actor, id, target: native, sentAt: at(written.edit_date), writtenAt: sentAt };
    if (words.typed !== undefined) return [{ act: 'edit', ...change, ...words }];
    return [{ act: 'lost', kind: 'event', why: 'a change of something without words', id }];
  }
  if (START.test(message.text ?? '')) return [{ act: 'asked', ...actor, id: native }];
  const { reply_to_message: quoted } = message;
  const quotes = quoted && { quotes: nativeIdOf(chat.id, quoted.message_id) };
  return [{ act: 'message', ...actor, id: native, sentAt, ...quotes, ...contentOf(message) }];
}

function nameOf(user: z.infer<typeof User> | undefined): string | undefined {
  return [user?.first_name, user?.last_name].filter(Boolean).join(' ') || undefined;
}

function wordsOf({
  text,
  entities,
  caption,
  caption_entities,
}: Message): Pick<BotContent, 'typed' | 'partOf'> {
  const typed = text || caption;
  if (!typed) return {};
  const partOf = formatOf(typed, text ? entities : caption_entities);
  return { typed, ...(partOf ? { partOf } : {}) };
}

/** Fields beside the content of a message. What is left names its kind. */
const ABOUT = new Set([
  'message_id',
  'message_thread_id',
  'date',
  'edit_date',
  'chat',
  'from',
  'sender_boost_count',
  'sender_business_bot',
  'forward_origin',
  'is_topic_message',
  'is_automatic_forward',
  'reply_to_message',
  'external_reply',
  'quote',
  'reply_to_story',
  'reply_to_checklist_task_id',
  'via_bot',
  'has_protected_content',
  'is_from_offline',
  'is_paid_post',
  'media_group_id',
  'author_signature',
  'paid_star_count',
  'entities',
  'caption_entities',
  'link_preview_options',
  'effect_id',
  'show_caption_above_media',
  'has_media_spoiler',
  'reply_markup',
  'photo',
]);

function contentOf(message: Message): Omit<BotContent, 'sentAt'> {
  const { location, venue, contact, poll, sticker } = message;
  if (location) return { part: locationPart({ ...location, label: venue?.title }) };
  if (contact) return { part: cardPart({ name: nameOf(contact) ?? '?', phone: contact.phone_number }) };
  if (poll)
    return {
      part: plainText(
        PHRASES.en.poll(
          poll.question,
          poll.options.map(({ text }) => text),
        ),
      ),
    };
  // Animated stickers are vector graphics of a form of its own, which no other network shows.
  if (sticker?.is_animated) return { part: plainText(sticker.emoji || '(sticker)') };
  const words = wordsOf(message);
  const media = mediaOf(message);
  if (media) return { ...words, media };
  if (words.typed !== undefined) return words;
  const kind = Object.keys(message).find((key) => !ABOUT.has(key) && message[key] !== undefined) ?? '?';
  return { part: plainText(PHRASES.en.notShown(kind.slice(0, 40).replaceAll('_', ' '), '')) };
}

/** Of a photo Telegram gives several sizes, the largest last. An animation is a document too. */
function mediaOf(message: Message): NativeAttachment | undefined {
  const { photo, voice, audio, video, video_note: note, animation, document, sticker } = message;
  const found: [z.infer<typeof File> | undefined, string][] = [
    [photo.at(-1), 'image/jpeg'],
    [voice, 'audio/ogg'],
    [audio, 'audio/mpeg'],
    [video ?? note ?? animation, 'video/mp4'],
    [sticker, sticker?.is_video ? 'video/webm' : 'image/webp'],
    [document, 'application/octet-stream'],
  ];
  const [file, usual = ''] = found.find(([one]) => one !== undefined) ?? [];
  if (!file) return undefined;
  const { file_id: fileId, mime_type: contentType = usual, file_name: filename, emoji, duration } = file;
  const meta = {
    ...(duration === undefined ? {} : { durationMs: Math.round(duration * 1000) }),
    ...(voice ? { voice: true } : {}),
  };
  return {
    source: { fileId },
    disposition: sticker ? 'inline' : 'attachment',
    contentType,
    ...(filename ? { filename } : {}),
    ...(sticker && emoji ? { description: emoji } : {}),
    ...(Object.keys(meta).length > 0 ? { meta } : {}),
  };
}
