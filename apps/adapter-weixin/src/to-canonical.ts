/** Messages of personal WeChat -> what people did. Pure. What is of no known type becomes words. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { NativeAttachment } from '#adapter-kit';
import type { BotAct, BotContent } from '#bot-contacts';
import { messengerFaces } from '#emoji';
import { PHRASES, plainText } from '#protocol';
import { keyIn } from './media-cipher.js';

const Text = z.string().optional().catch(undefined);
/** Numbers that lose digits as such come as text (`weixin.client.ts`). */
const Id = z
  .union([z.string(), z.number()])
  .transform(String)
  .transform((id) => (id === '' || id === '0' || id.length > 200 ? undefined : id))
  .optional()
  .catch(undefined);
const Stored = z.looseObject({ encrypt_query_param: Text, aes_key: Text, full_url: Text });
const Content = z.looseObject({
  media: Stored.optional().catch(undefined),
  aeskey: Text,
  text: Text,
  file_name: Text,
  playtime: z.number().positive().max(3600_000).optional().catch(undefined),
});
const Medium = Content.optional().catch(undefined);
const Item = z.looseObject({
  type: z.number().catch(0),
  msg_id: Id,
  text_item: Medium,
  image_item: Medium,
  voice_item: Medium,
  file_item: Medium,
  video_item: Medium,
});
type Item = z.infer<typeof Item>;
const Quote = z.looseObject({ svr_id: Id, title: Text, message_item: Item.optional().catch(undefined) });
const Message = z.looseObject({
  from_user_id: z.string().min(1).max(200),
  group_id: Text,
  message_id: Id,
  client_id: Id,
  seq: Id,
  create_time_ms: z.number().positive().optional().catch(undefined),
  message_type: z.number().catch(1),
  item_list: z.array(z.unknown()).catch([]),
});
type Message = z.infer<typeof Message>;

const BOT = 2;
const TYPES = ['?', '文字', '图片', '语音', '文件', '视频'];

/** Ids of messages are unique for one account: those of each person have a name space of their own. */
export function nativeIdOf(person: string, message: string): string {
  return `${person}/${message}`;
}

/** @returns undefined for what is no message. @param owner who paired the contact: nobody else is in its chat */
export function readMessage(json: unknown, owner: string, now = Date.now()): BotAct[] | undefined {
  const message = Message.safeParse(json).data;
  if (!message) return undefined;
  const { from_user_id: from, create_time_ms = now, item_list } = message;
  const id = nativeIdOf(owner, identityOf(message));
  const lost = (why: string): BotAct[] => [{ act: 'lost', kind: 'event', why, id }];
  if (message.message_type === BOT) return lost('a message of the account itself');
  if (message.group_id) return lost('in a group, where WeChat has no such accounts');
  if (from !== owner) return lost('from somebody else than the person who paired this contact');
  if (item_list.length === 0) return lost('without content');
  const sentAt = new Date(Math.min(create_time_ms, now));
  return item_list.map((one, at) => {
    const item = Item.catch({ type: 0 } as Item).parse(one);
    const content = contentOf(item, quoteIn(one, owner));
    return { act: 'message', id: at === 0 ? id : `${id}.${at + 1}`, from, sentAt, ...content };
  });
}

/** What stays the same when WeChat repeats a message. */
function identityOf(message: Message): string {
  const { message_id, client_id, seq, item_list, create_time_ms } = message;
  const [first] = item_list.map((item) => Item.safeParse(item).data?.msg_id);
  const known = message_id ?? client_id ?? seq ?? first;
  if (known !== undefined) return known;
  return createHash('sha256')
    .update(JSON.stringify([create_time_ms, item_list]))
    .digest('hex');
}

interface Quoted {
  quotes?: string;
  /** Words of a message that is quoted without its id. */
  words?: string | undefined;
}

function quoteIn(item: unknown, owner: string): Quoted {
  const quote = z.looseObject({ ref_msg: Quote }).safeParse(item).data?.ref_msg;
  if (!quote) return {};
  const { svr_id, title, message_item: quoted } = quote;
  // An item's own id looks like "v1:147".
  const id = [svr_id, quoted?.msg_id].find((one) => /^\d+$/.test(one ?? ''));
  if (id !== undefined) return { quotes: nativeIdOf(owner, id) };
  return { words: quoted?.text_item?.text || title };
}

function contentOf(item: Item, { quotes, words }: Quoted): Omit<BotContent, 'sentAt'> {
  const quoting = quotes === undefined ? {} : { quotes };
  const { text } = item.text_item ?? {};
  if (item.type === 1 && text) {
    const typed = messengerFaces.toEmoji(text);
    return { typed: words ? `${typed}\n「${words.slice(0, 500)}」` : typed, ...quoting };
  }
  const media = mediaOf(item);
  if (media) return { media, ...quoting };
  return { part: plainText(PHRASES.zh.notShown(TYPES[item.type] ?? String(item.type), text ?? '')) };
}

function mediaOf(item: Item): NativeAttachment | undefined {
  const { image_item: image, voice_item: voice, file_item: file, video_item: video } = item;
  const found = {
    2: [image, 'image/jpeg'],
    3: [voice, 'audio/silk'],
    4: [file, 'application/octet-stream'],
    5: [video, 'video/mp4'],
  } as const;
  const [content, contentType] = found[item.type as 2] ?? [];
  const { encrypt_query_param: param = '', full_url: url = '', aes_key } = content?.media ?? {};
  if (!content || contentType === undefined || (param === '' && url === '')) return undefined;
  const text = content.aeskey || aes_key;
  const key = keyIn(text);
  // Only a picture may be stored as it is.
  if (!key && (text || item.type !== 2)) return undefined;
  const { file_name: filename, playtime: durationMs, text: description } = content;
  return {
    source: { param, url, key: key?.toString('hex') ?? '' },
    disposition: 'attachment',
    contentType,
    ...(filename ? { filename } : {}),
    // What WeChat understood of a recording.
    ...(voice && description ? { description } : {}),
    ...(voice ? { meta: { voice: true, ...(durationMs === undefined ? {} : { durationMs }) } } : {}),
  };
}
