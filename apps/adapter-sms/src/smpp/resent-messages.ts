/**
 * SMPP gives no ids to messages of people. A gateway sends again what it saw no answer to when its connection broke, and what was
 * answered with "busy": a message with the same bytes as such a one is that one, and keeps its id. No other message is taken for a
 * repetition.
 */
import { createHash } from 'node:crypto';
import { LruCache } from '#service';
import { newMessageId } from './message-ids.js';

const REMEMBERED = { max: 20_000, ttl: 3600_000 } as const;

interface UnderWay {
  id: string;
  content: string;
  /** Number of the connection on which it came. */
  connection: number;
}

export interface MessageFrame {
  body: Buffer;
  /** Number of the connection on which it came. */
  connection: number;
  sequence: number;
}

export class ResentMessages {
  /** Being stored, by their frames: a careless peer uses a sequence number again before it has the answer. */
  private readonly underWay = new LruCache<string, UnderWay>({ max: REMEMBERED.max });
  /** Ids of messages that come again, by content. */
  private readonly expected = new LruCache<string, string[]>(REMEMBERED);
  /** The same ids. */
  private readonly unanswered = new LruCache<string, true>(REMEMBERED);
  /** Ids of messages, by their frames: a repetition on the same connection gets the same answer. */
  private readonly given = new LruCache<string, string>(REMEMBERED);

  /** @returns its id */
  begin(frame: MessageFrame): string {
    const content = digestOf(frame);
    const [known, ...rest] = this.expected.get(content) ?? [];
    if (rest.length > 0) this.expected.set(content, rest);
    else this.expected.delete(content);
    const id = known ?? newMessageId();
    const key = keyOf(frame, content);
    this.unanswered.delete(id);
    this.underWay.set(key, { id, content, connection: frame.connection });
    this.given.set(key, id);
    return id;
  }

  /** Whether the other side has not learnt this id yet, and sends the message again. */
  isExpected(id: string): boolean {
    return this.unanswered.has(id);
  }

  /**
   * It is answered now, unless its connection has ended before.
   * @param isStored it does not come again
   * @returns its id; undefined: none was given
   */
  ended(frame: MessageFrame, isStored: boolean): string | undefined {
    const key = keyOf(frame, digestOf(frame));
    const one = this.underWay.get(key);
    this.underWay.delete(key);
    if (one && !isStored) this.expect(one);
    return this.given.get(key);
  }

  /** The connection ended: what was not answered on it comes again. */
  broken(connection: number): void {
    // The latest is the first of a cache.
    for (const [key, one] of [...this.underWay.entries()].reverse()) {
      if (one.connection !== connection) continue;
      this.underWay.delete(key);
      this.expect(one);
    }
  }

  private expect({ id, content }: UnderWay): void {
    this.expected.set(content, [...(this.expected.get(content) ?? []), id]);
    this.unanswered.set(id, true);
  }
}

/** @param content digest of the body */
function keyOf({ connection, sequence }: MessageFrame, content: string): string {
  return `${connection} ${sequence} ${content}`;
}

function digestOf({ body }: MessageFrame): string {
  return createHash('sha256').update(body).digest('base64url');
}
