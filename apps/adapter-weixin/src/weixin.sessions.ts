/**
 * The paired people: each has a contact of their own, with a token, a long poll and a queue of sends. Tokens, cursors (which
 * contain the token) and context tokens are stored encrypted.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Memory } from '#adapter-kit';
import { HubError, toHubError } from '#protocol';
import {
  allDone,
  described,
  LruCache,
  runInBackground,
  sleep,
  tolerate,
  TurnsByKey,
  type Log,
  type SecretBox,
} from '#service';
import { POLL_MS, type WeixinClient } from './weixin.client.js';
import { FOREIGN_CURSOR, isNative, SESSION_OVER } from './weixin.errors.js';

const Session = z.object({
  person: z.string(),
  bot: z.string(),
  token: z.string(),
  api: z.string(),
  pairedAt: z.number(),
  /** How far messages are stored. */
  cursor: z.string(),
  /** Of the last message of the person, empty when it had none; undefined: they have not written since they paired. */
  context: z.string().optional(),
  /** When WeChat ended the session. */
  over: z.number().optional(),
  /** When the session before this one ended: the person has still to be told. */
  interrupted: z.number().optional(),
});
export type Session = z.infer<typeof Session>;
export type Paired = Pick<Session, 'person' | 'bot' | 'token' | 'api'>;

const [RETRY_MS, LONG_RETRY_MS, PAUSE_MS] = [2000, 30_000, 100];
/** A poll that ends earlier without an answer was broken off. */
const QUICK_MS = 5000;
const MOST_TOKENS = 10;

export interface SessionOptions {
  memory: Pick<Memory, 'change' | 'entries'>;
  box: SecretBox;
  client: WeixinClient;
  log: Log;
  gapMs: number;
  stopping: AbortSignal;
  /** Resolves when the message is stored, answered or recorded. @throws HubError when it must be tried again */
  take: (session: Session, message: unknown) => Promise<void>;
  /** The person must pair again. */
  ended: (session: Session) => void;
}

export class Sessions {
  /** Bounded by the people who have paired a contact. */
  private readonly sessions = new Map<string, Session>();
  private readonly sends = new TurnsByKey();
  private readonly sentAt = new LruCache<string, number>({ max: 10_000 });

  constructor(private readonly options: SessionOptions) {}

  async load(): Promise<void> {
    for await (const [place, value] of this.options.memory.entries('paired.*')) {
      const session = this.stored(place, value);
      if (session) this.sessions.set(session.person, session);
    }
    for (const session of this.sessions.values()) this.follow(session);
  }

  /** People with a session. */
  get count(): number {
    return [...this.sessions.values()].filter(({ over }) => over === undefined).length;
  }

  /** Also when the session is over. */
  isPaired(person: string): boolean {
    return this.sessions.has(person);
  }

  /** Of the sessions that are not over, newest first: to a person who is known by one, WeChat gives no new session. */
  tokens(): string[] {
    const newest = [...this.sessions.values()]
      .filter(({ over }) => over === undefined)
      .toSorted((one, other) => other.pairedAt - one.pairedAt);
    return newest.slice(0, MOST_TOKENS).map(({ token }) => token);
  }

  /** The contact takes the place of the one before. */
  async pair(paired: Paired): Promise<void> {
    const { over: interrupted, pairedAt: before = 0 } = this.sessions.get(paired.person) ?? {};
    const pairedAt = Math.max(Date.now(), before + 1);
    const session = { ...paired, pairedAt, cursor: '', interrupted };
    await this.store(session);
    this.sessions.set(paired.person, session);
    this.follow(session);
  }

  /** @throws HubError 14 for who never paired, 101 when the session is over, or while a contact may not write yet */
  of(person: string): Session {
    const session = this.sessions.get(person);
    if (!session) throw new HubError('14', 'this person has paired no contact');
    if (session.over !== undefined)
      throw new HubError('101', 'the session of this person is over: they have to pair again');
    if (session.context === undefined)
      throw new HubError('101', 'this person has not written since they paired');
    return session;
  }

  /**
   * Calls about one person follow one another with a gap between, each with the session of that moment.
   * @throws HubError as `of`
   */
  inTurn<T>(person: string, call: (session: Session) => Promise<T>): Promise<T> {
    const { gapMs, stopping } = this.options;
    return this.sends.run(person, async () => {
      const last = this.sentAt.get(person) ?? -Infinity;
      await sleep(Math.max(0, last + gapMs - Date.now()), stopping);
      const session = this.of(person);
      this.sentAt.set(person, Date.now());
      return this.watched(session, () => call(session));
    });
  }

  /** When the answer says that the session is over, its end is noted. */
  async watched<T>(session: Session, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (thrown) {
      if (isNative(thrown, SESSION_OVER)) await this.end(session);
      throw thrown;
    }
  }

  /**
   * What the person was told, and what they wrote last, is kept for the next process. A process that was replaced, and whose writes
   * waited for the bus, does not store its session over one that was paired since.
   */
  store(session: Session): Promise<void> {
    const { memory, box } = this.options;
    const place = `paired.${createHash('sha256').update(session.person).digest('hex').slice(0, 32)}`;
    return memory.change(place, async (value) => {
      const stored = value === undefined ? undefined : this.stored(place, value);
      return stored && stored.pairedAt > session.pairedAt
        ? undefined
        : box.seal(JSON.stringify(session), place);
    });
  }

  /** @returns undefined for what cannot be read, as after the loss of a key */
  private stored(place: string, value: unknown): Session | undefined {
    const { box, log } = this.options;
    try {
      return Session.parse(JSON.parse(box.open(z.string().parse(value), place)));
    } catch (error) {
      log.error({ place, ...described(error) }, 'a session cannot be read: its person must pair again');
      return undefined;
    }
  }

  private async end(session: Session): Promise<void> {
    if (session.over !== undefined) return;
    session.over = Date.now();
    // A session that was replaced is not stored over the newer one.
    if (!this.isCurrent(session)) return;
    this.options.ended(session);
    await this.store(session);
  }

  private isCurrent(session: Session): boolean {
    return this.sessions.get(session.person) === session && !this.options.stopping.aborted;
  }

  private follow(session: Session): void {
    const { client, log } = this.options;
    runInBackground('messages of a person', log, async () => {
      // Some versions of the service send only to a contact that says it is there.
      if (session.over === undefined)
        await tolerate('notifystart', log, () => client.call('notifystart', session, {}));
      let failures = 0;
      let waitMs = POLL_MS;
      while (session.over === undefined && this.isCurrent(session)) {
        const began = Date.now();
        try {
          waitMs = (await this.poll(session, waitMs)) ?? waitMs;
          failures = 0;
        } catch (thrown) {
          const isIdle = toHubError(thrown).code === '103' && Date.now() - began > QUICK_MS;
          if (isIdle) continue;
          log.warn({ bot: session.bot, ...described(thrown) }, 'messages of a person cannot be asked for');
          await sleep(++failures < 3 ? RETRY_MS : LONG_RETRY_MS, this.options.stopping);
        }
      }
    });
  }

  /** The cursor is stored after the messages: a crash between repeats them, and their ids make them known. */
  private async poll(session: Session, waitMs: number): Promise<number | undefined> {
    const { client, stopping, take, log } = this.options;
    const answer = await this.watched(session, () =>
      client.updates(session, session.cursor, waitMs, stopping),
    ).catch((thrown: unknown) => {
      if (!isNative(thrown, FOREIGN_CURSOR) || session.cursor === '') throw thrown;
      session.cursor = '';
    });
    if (!answer) return undefined;
    const { msgs, get_updates_buf: cursor, longpolling_timeout_ms } = answer;
    client.http.reachable = true;
    // WeChat need not repeat what it handed out: a batch that cannot be stored now is tried until it can.
    const store = () => allDone(msgs.map((message) => take(session, message)));
    while (!(await tolerate('storing messages', log, async () => (await store(), true)))) {
      if (!this.isCurrent(session)) return undefined;
      await sleep(RETRY_MS, stopping);
    }
    if (cursor && cursor !== session.cursor) {
      session.cursor = cursor;
      await this.store(session);
    } else if (msgs.length === 0) await sleep(PAUSE_MS, stopping);
    return longpolling_timeout_ms;
  }
}
