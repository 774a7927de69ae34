/** One bot, which speaks with the person who scanned its code: what the person wrote, and who waits for it. */
import { randomBytes } from 'node:crypto';
import { pause } from '#simulators';
import type { Fields } from './wire.js';
import type { WeixinPerson } from './weixin-person.js';

const MOST_KEPT = 500;
const MOST_AT_ONCE = 20;

interface Kept {
  seq: number;
  message: Fields;
}

export class Bot {
  /** The session has ended: every call is refused with -14. */
  isOver = false;
  /** The client said that it is there. */
  isStarted = false;
  /** Tokens that went out with messages of the person. */
  readonly contexts = new Set<string>();
  readonly ticket = randomBytes(48).toString('base64');
  /** Messages of the bot that were taken: client_id -> message_id. */
  readonly taken = new Map<string, bigint>();
  private readonly inbox: Kept[] = [];
  private last = Date.now() * 1000;
  private handedOut = 0;
  private wake = new AbortController();

  constructor(
    readonly id: string,
    readonly token: string,
    readonly person: WeixinPerson,
  ) {}

  push(message: Fields): void {
    this.inbox.push({ seq: ++this.last, message: { seq: this.last, ...message } });
    this.inbox.splice(0, this.inbox.length - MOST_KEPT);
    this.rouse();
  }

  end(): void {
    this.isOver = true;
    this.rouse();
  }

  /**
   * What came after a cursor, at most 20 messages; waits for some.
   * @param repeats what was handed out before comes again when the cursor is older. @returns undefined for a foreign cursor
   */
  async after(
    cursor: string,
    { holdMs, repeats, closing }: { holdMs: number; repeats: boolean; closing: AbortSignal },
  ): Promise<{ messages: Fields[]; cursor: string } | undefined> {
    const from = cursor === '' ? 0 : this.seqIn(cursor);
    if (from === undefined) return undefined;
    const start = () => (repeats ? from : Math.max(from, this.handedOut));
    const fresh = () => this.inbox.filter(({ seq }) => seq > start()).slice(0, MOST_AT_ONCE);
    if (fresh().length === 0) await pause(holdMs, AbortSignal.any([this.wake.signal, closing]));
    const found = fresh();
    const seq = found.at(-1)?.seq ?? from;
    this.handedOut = Math.max(this.handedOut, seq);
    return { messages: found.map(({ message }) => message), cursor: this.cursorAt(seq) };
  }

  private rouse(): void {
    this.wake.abort();
    this.wake = new AbortController();
  }

  /** As on the real service it contains the token. */
  private cursorAt(seq: number): string {
    return Buffer.from(`\n${this.token} ${seq}`).toString('base64');
  }

  private seqIn(cursor: string): number | undefined {
    const [, token, seq] = /^\n(.*) (\d+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
    return token === this.token ? Number(seq) : undefined;
  }
}
