/** Events and messages of OneBot 12 -> what a person did, and words -> its segments. Pure. */
import { z } from 'zod';
import type { PhrasingContent } from 'mdast';
import type { BotAct } from '#bot-contacts';
import { attachmentOf, placeOn, sorted, type Content } from '#onebot';
import { PHRASES } from '#protocol';
import { phrasesOf } from '#text';
import { messageActs } from './message-acts.js';

const Text = z.string().optional().catch(undefined);
const Segment = z.looseObject({
  type: z.string().max(64),
  data: z.record(z.string(), z.unknown()).catch({}),
});
type Segment = z.infer<typeof Segment>;
const Event = z.looseObject({
  id: z.string().min(1).max(256),
  type: z.string(),
  detail_type: z.string(),
  time: z.number().optional().catch(undefined),
  self: z.looseObject({ user_id: Text }).optional().catch(undefined),
  user_id: Text,
  message_id: Text,
  message: z.array(Segment).max(1000).optional().catch(undefined),
});
type Event = z.infer<typeof Event>;

/** @returns undefined for what is no event; an empty list for heartbeats and for what the account itself wrote */
export function readEvent12(json: unknown, now = Date.now()): BotAct[] | undefined {
  const event = Event.safeParse(json).data;
  if (!event) return undefined;
  const { id, type, detail_type: detail, user_id: from, message_id: target, message } = event;
  const sentAt = new Date(Math.min(Math.max((event.time ?? now / 1000) * 1000, 0), now));
  const kind = `${type}.${detail}`;
  if (type === 'meta' || (from !== undefined && from === event.self?.user_id)) return [];
  if (from === undefined) return [{ act: 'lost', kind: 'event', why: `"${kind}" of nobody`, id }];
  if (kind === 'message.private' && target !== undefined && message)
    return messageActs({ id: target, identity: id, from, sentAt }, contentOf(message));
  if (kind === 'notice.private_message_delete' && target !== undefined)
    return [{ act: 'recall', id, from, target, sentAt }];
  if (kind === 'notice.friend_increase') return [{ act: 'asked', id, from }];
  return [{ act: 'lost', kind: 'event', why: `"${kind}" is for the account alone`, id }];
}

const KINDS: Record<string, string> = {
  image: 'image',
  voice: 'voice',
  audio: 'voice',
  video: 'video',
  file: 'file',
};

function contentOf(message: Segment[]): Content {
  const { quote, location, media, said } = sorted(message, KINDS, placeIn);
  const children = said.flatMap(phrases);
  return {
    tree: { type: 'root', children: children.length === 0 ? [] : [{ type: 'paragraph', children }] },
    typed: said.some(({ type }) => type === 'text'),
    quotes: quote && textIn(quote, 'message_id'),
    location,
    media: media.map((one) =>
      attachmentOf(KINDS[one.type] ?? 'file', { fileId: textIn(one, 'file_id') }, textIn(one, 'name')),
    ),
  };
}

function placeIn(segment: Segment) {
  const { latitude, longitude } = segment.data;
  if (segment.type !== 'location' || typeof latitude !== 'number' || typeof longitude !== 'number')
    return undefined;
  return placeOn(latitude, longitude, textIn(segment, 'title'));
}

function phrases(segment: Segment): PhrasingContent[] {
  switch (segment.type) {
    case 'text':
      return phrasesOf(textIn(segment, 'text'));
    case 'mention':
      return phrasesOf(`@${textIn(segment, 'user_id')}`);
    case 'mention_all':
      return phrasesOf('@全体成员');
    default:
      return phrasesOf(PHRASES.zh.notShown(segment.type, ''));
  }
}

function textIn({ data }: Segment, name: string): string {
  const value = data[name];
  return typeof value === 'string' ? value : '';
}
