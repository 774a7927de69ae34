/** Events of OneBot 11 -> what a person did. Pure. */
import { z } from 'zod';
import type { BotAct } from '#bot-contacts';
import { contentOf, readMessage } from '#onebot';
import { messageActs } from './message-acts.js';

/** Ids are numbers of up to 64 bits; some implementations write them as texts. */
const Id = z.union([z.int(), z.string().min(1).max(64)]).transform(String);
const Optional = Id.optional().catch(undefined);
const Event = z.looseObject({
  post_type: z.string(),
  time: z.number().optional().catch(undefined),
  self_id: Optional,
  user_id: Optional,
  message_id: Optional,
  message_type: Optional,
  notice_type: Optional,
  request_type: Optional,
  flag: z.string().max(1000).optional().catch(undefined),
  sender: z.looseObject({ nickname: Optional }).optional().catch(undefined),
  message: z.unknown().optional(),
});
type Event = z.infer<typeof Event>;

/** @returns undefined for what is no event; an empty list for heartbeats and for what the account itself wrote */
export function readEvent11(json: unknown, now = Date.now()): BotAct[] | undefined {
  const event = Event.safeParse(json).data;
  if (!event) return undefined;
  switch (event.post_type) {
    case 'meta_event':
    case 'message_sent':
      return [];
    case 'message':
      return event.user_id === event.self_id ? [] : messageOf(event, now);
    case 'notice':
      return [noticeOf(event, now)];
    case 'request':
      return [requestOf(event)];
    default:
      return [lost(event, `"${event.post_type}" is of no known kind`)];
  }
}

function messageOf(event: Event, now: number): BotAct[] {
  const { message_id: id, user_id: from, message_type: type, time } = event;
  if (type !== 'private') return [lost(event, `a message in a "${type}"`)];
  const segments = readMessage(event.message);
  if (id === undefined || from === undefined || !segments)
    return [{ act: 'lost', kind: 'unreadable', why: 'a message without id, author or content' }];
  // Ids of messages begin again in some implementations when they are restarted.
  const head = {
    id,
    identity: `${id}.${time ?? ''}`,
    from,
    name: event.sender?.nickname,
    sentAt: timeOf(event, now),
  };
  return messageActs(head, contentOf(segments));
}

function noticeOf(event: Event, now: number): BotAct {
  const { notice_type: type, user_id: from, message_id: target, time } = event;
  if (type === 'friend_recall' && from !== undefined && target !== undefined)
    return { act: 'recall', id: `recall.${target}.${time ?? ''}`, from, target, sentAt: timeOf(event, now) };
  if (type === 'friend_add' && from !== undefined)
    return { act: 'asked', id: `friend.${from}.${time ?? ''}`, from };
  return lost(event, `notice "${type}"`);
}

/** The token of a request accepts it. */
function requestOf(event: Event): BotAct {
  const { request_type: type, user_id: from, flag } = event;
  if (type === 'friend' && from !== undefined && flag !== undefined)
    return { act: 'asked', id: `request.${flag}`, from, replyToken: flag };
  return lost(event, `request "${type}"`);
}

function lost({ message_id: id }: Event, why: string): BotAct {
  return { act: 'lost', kind: 'event', why, ...(id === undefined ? {} : { id }) };
}

function timeOf({ time }: Event, now: number): Date {
  return new Date(Math.min(Math.max((time ?? now / 1000) * 1000, 0), now));
}
