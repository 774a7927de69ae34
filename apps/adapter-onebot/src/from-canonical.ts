/** Events of other networks -> events of OneBot 11. Pure. */
import { textSegment, writeCqCodes, type Segment } from '#onebot';
import { nativeOf, networkOf, RESULTS, type MessageEvent, type Party, type ReportEvent } from '#protocol';
import { plainWords } from '#text';

/** What every event says. */
export interface About {
  selfId: number;
  /** Number of the person of another network. */
  userId: number;
  /** Number of the message. */
  messageId: number;
  /** When it happened. */
  at: Date;
}

export interface OneBotMessage extends Record<string, unknown> {
  message_id: number;
}

export function nameOf({ address, displayName }: Party): string {
  return displayName ?? nativeOf(address);
}

/** OneBot has no formatting: words without marks. */
export function segmentsOf({ data }: MessageEvent, quotes: number | undefined): Segment[] {
  const text = plainWords(data.content.body);
  return [
    ...(quotes === undefined ? [] : [{ type: 'reply', data: { id: String(quotes) } }]),
    ...(text === '' ? [] : [textSegment(text)]),
  ];
}

/** `card` has the network of the author too: OneBot has no field for it in a private message. */
export function messageEvent(about: About, from: Party, message: Segment[]): OneBotMessage {
  const { selfId, userId, messageId, at } = about;
  const nickname = nameOf(from);
  return {
    time: secondsOf(at),
    self_id: selfId,
    post_type: 'message',
    message_type: 'private',
    sub_type: 'friend',
    message_id: messageId,
    user_id: userId,
    message,
    message_format: 'array',
    raw_message: writeCqCodes(message),
    font: 0,
    sender: {
      user_id: userId,
      nickname,
      card: `${nickname} · ${networkOf(from.address)}`,
      sex: 'unknown',
      age: 0,
    },
  };
}

export function recallEvent({ selfId, userId, messageId, at }: About): object {
  return {
    time: secondsOf(at),
    self_id: selfId,
    post_type: 'notice',
    notice_type: 'friend_recall',
    user_id: userId,
    message_id: messageId,
  };
}

/**
 * OneBot has no report about a message that did not arrive. A notice of a kind of our own, and not a message: bots answer
 * messages, and pass over notices that they do not know.
 */
export function failureEvent({ selfId, userId, messageId, at }: About, { data }: ReportEvent): object {
  const { code } = data;
  return {
    time: secondsOf(at),
    self_id: selfId,
    post_type: 'notice',
    notice_type: 'hutong_message_failed',
    user_id: userId,
    message_id: messageId,
    code,
    reason: RESULTS[code].subscriber.zh,
  };
}

function secondsOf(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
