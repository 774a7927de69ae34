/**
 * Counts of what each sender has sent, as far as this instance knows: one for all its lanes, in bounded memory, without
 * input or output. Time is when the bus stored an event, so that a backlog of the switch counts against nobody.
 */
import {
  contentKind,
  conversationKind,
  networkOf,
  wordsOf,
  type HubEvent,
  type Limits as Agreed,
  type Part,
} from '#protocol';
import { LruCache } from '#service';
import { pairPrint, wordsPrint } from './fingerprint.js';
import type { SenderRules } from './sender-rules.js';
import { Recent } from './recent.js';
import { rate, take, type Rate } from './token-bucket.js';

const SENDERS = 100_000;
const PAIRS = 500_000;
const TEXTS = 30_000;
/** Events whose result is remembered; more than all lanes hold unfinished. */
const REMEMBERED = 20_000;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Shorter texts are common to many people: thanks, good night. */
const SHORTEST_TEXT = 8;

/** One text of one sender, and to whom they sent it. */
interface SentText {
  since: number;
  /** Fingerprint of the first recipient. */
  first: number;
  /** Absent until there is a second recipient, which most texts never have. */
  others: Set<number> | undefined;
}

export class SenderLimits {
  /** Key: limit and sender. Value: time (ms) at which its bucket is full again. */
  private readonly buckets = new LruCache<string, number>({ max: 2 * SENDERS });
  /** Key: fingerprint of sender and recipient (a person or a group). Value: the last day on which the sender wrote. */
  private readonly pairs = new LruCache<number, number>({ max: PAIRS });
  private readonly recipients = new LruCache<string, { day: number; count: number }>({ max: SENDERS });
  private readonly said = new Recent<number, SentText>(TEXTS);
  /** An event that is delivered again after a crash is not counted again, and gets the same result. */
  private readonly results = new Recent<string, string>(REMEMBERED);
  private clock = 0;

  constructor(private readonly rules: SenderRules) {}

  /** Counts the event. @returns why it is over a limit; undefined: it may go */
  reserve(event: HubEvent, agreed: Agreed | undefined, at: Date): string | undefined {
    // The key contains the network: another one must not be able to use up an id.
    const key = `${networkOf(event.data.from.address)} ${event.id}`;
    const before = this.results.get(key);
    if (before !== undefined) return before || undefined;
    // Lanes advance at different speeds, so event time may go backwards; clamp it, a token bucket only refills.
    this.clock = Math.max(this.clock, at.getTime());
    const refusal = this.weigh(event, agreed);
    this.results.set(key, refusal ?? '');
    return refusal;
  }

  /** The narrowest limit first, so that one sender's excess does not use up the limit of their network. */
  private weigh(event: HubEvent, agreed: Agreed | undefined): string | undefined {
    return (
      this.tooManyOfOne(event, agreed?.perSenderPerMinute) ??
      this.tooManyAlike(event) ??
      this.tooManyPeople(event, agreed?.newContactsPerDay) ??
      this.tooManyOfPair(event, agreed?.perSecond)
    );
  }

  private tooManyOfOne({ data }: HubEvent, limit: number | undefined): string | undefined {
    if (limit === undefined) return undefined;
    // The key contains the destination: agreements differ, and each has a limit of its own.
    const key = `sender ${data.from.address}>${networkOf(data.to)}`;
    const wait = this.spend(key, rate(limit, MINUTE_MS));
    return wait === undefined ? undefined : over(`${shown(limit)} messages a minute of one sender`, wait);
  }

  private tooManyOfPair({ data }: HubEvent, limit: number | undefined): string | undefined {
    if (limit === undefined) return undefined;
    const pair = `${networkOf(data.from.address)}>${networkOf(data.to)}`;
    const wait = this.spend(`pair ${pair}`, rate(limit, SECOND_MS));
    return wait === undefined ? undefined : over(`${shown(limit)} messages a second, ${pair}`, wait);
  }

  private tooManyPeople(event: HubEvent, limit: number | undefined): string | undefined {
    const { from, to } = event.data;
    const day = Math.floor(this.clock / DAY_MS);
    const both = pairPrint(from.address, to);
    const last = this.pairs.get(both);
    if (last === day) return undefined;
    const today = this.recipients.get(from.address);
    const count = today?.day === day ? today.count : 0;
    if (count >= this.rules.recipientsPerDay)
      return over(`${this.rules.recipientsPerDay} people a day`, (day + 1) * DAY_MS - this.clock);
    const isNew = last === undefined && this.isFirstContact(event);
    if (isNew && limit !== undefined) {
      const wait = this.spend(`contacts ${from.address}>${networkOf(to)}`, rate(limit, DAY_MS));
      if (wait !== undefined) return over(`${shown(limit)} new people a day`, wait);
    }
    this.pairs.set(both, day);
    this.recipients.set(from.address, { day, count: count + 1 });
    return undefined;
  }

  private isFirstContact({ subject, data: { from, to } }: HubEvent): boolean {
    switch (conversationKind(subject)) {
      case 'direct':
        // A reply is not counted against the limit of new contacts.
        return !this.pairs.has(pairPrint(to, from.address));
      case 'group':
        // Who may write to a group is decided by its membership.
        return false;
    }
  }

  private tooManyAlike(event: HubEvent): string | undefined {
    if (event.type !== 'im.hutong.message.v1' || contentKind(event.data.content) !== 'new') return undefined;
    const key = wordsPrint(event.data.from.address, wordsIn(event.data.content.body), SHORTEST_TEXT);
    if (key === undefined) return undefined;
    const to = pairPrint('', event.data.to);
    const said = this.said.get(key);
    if (said === undefined || this.clock - said.since >= MINUTE_MS) {
      this.said.set(key, { since: this.clock, first: to, others: undefined });
      return undefined;
    }
    if (said.first === to || said.others?.has(to)) return undefined;
    const limit = this.rules.sameWordsPerMinute;
    const others = (said.others ??= new Set());
    if (others.size + 1 >= limit)
      return over(`the same words to ${limit} people a minute`, said.since + MINUTE_MS - this.clock);
    others.add(to);
    return undefined;
  }

  /** @returns time to wait in ms; undefined: one was taken */
  private spend(key: string, limit: Rate): number | undefined {
    const taken = take(limit, this.buckets.get(key), this.clock);
    if (!taken.ok) return taken.retryAfterMs;
    this.buckets.set(key, taken.fullAt);
    return undefined;
  }
}

/** Fast path for a body of one part, which nearly every body is. */
function wordsIn(body: Part): string {
  return body.kind === 'single' ? body.content : wordsOf(body);
}

function over(what: string, waitMs: number): string {
  return `over the limit: ${what}; again in ${Math.max(1, Math.ceil(waitMs / SECOND_MS))} s`;
}

function shown(limit: number): string {
  return String(Math.round(limit * 100) / 100);
}
