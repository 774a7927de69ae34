/**
 * Words about calls for people of whom no phone is there: kept in the memory of the network, and shown when a phone registers. The
 * same words from the same person are kept once, with their number and the time of the last.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Memory } from '#adapter-kit';
import { toHubError } from '#protocol';
import { runInBackground, TurnsByKey, type Log } from '#service';
import type { Delivery } from '../delivery.js';
import { notice, type Envelope, type Payload } from '../from-canonical.js';

const KEY = 'missed.';
const TASK = 'words about calls';
/** People whose calls one person has missed; the oldest goes first. */
const MOST_OF_ONE = 50;
const KEPT_MS = 30 * 24 * 3600_000;
const MOST_COUNTED = 999;

const KeptWords = z.object({
  from: z.string().max(2000),
  name: z.string().max(1000).optional(),
  to: z.string().max(2000),
  words: z.string().max(500),
  count: z.number().int().min(1),
  /** Of the last, ms since 1970. */
  at: z.number(),
});
type KeptWords = z.infer<typeof KeptWords>;
const Kept = z.array(KeptWords).max(MOST_OF_ONE);

export interface KeptWordsOptions {
  memory: Pick<Memory, 'put' | 'entries'>;
  delivery: Pick<Delivery, 'send'>;
  log: Log;
  now?: () => number;
}

export class WordsAboutCalls {
  /** By person: only people with an account here have any. */
  private readonly kept = new Map<string, readonly KeptWords[]>();
  private readonly turns = new TurnsByKey();
  private readonly now: () => number;

  constructor(private readonly options: KeptWordsOptions) {
    this.now = options.now ?? Date.now;
  }

  async load(): Promise<void> {
    for await (const [key, value] of this.options.memory.entries(`${KEY}*`)) {
      const kept = Kept.safeParse(value).data ?? [];
      if (kept.length > 0) this.kept.set(Buffer.from(key.slice(KEY.length), 'base64url').toString(), kept);
    }
  }

  /** Shows the words now, or when a phone is there. Resolves when they are shown or stored. @throws HubError 91 */
  async show(native: string, envelope: Envelope, words: string): Promise<void> {
    await this.turns.run(native, async () => {
      const { from, name, to } = envelope;
      const said = { from, ...(name === undefined ? {} : { name }), to, words, count: 1, at: this.now() };
      if (await this.isShown(native, said, notice(words), envelope.callId)) return;
      await this.store(native, this.withMore(native, said));
    });
  }

  /** A phone of this person has registered. */
  registered(native: string): void {
    if (!this.kept.has(native)) return;
    runInBackground(TASK, this.options.log, () => this.turns.run(native, () => this.showKept(native)));
  }

  private async showKept(native: string): Promise<void> {
    let left = this.kept.get(native) ?? [];
    for (const one of left) {
      const isTooOld = this.now() - one.at > KEPT_MS;
      if (isTooOld) this.options.log.warn({ native, from: one.from }, 'words about a call are too old');
      else if (!(await this.isShown(native, one, payloadOf(one), randomUUID()))) break;
      left = left.slice(1);
      await this.store(native, left);
    }
  }

  /** @returns false: later */
  private async isShown(
    native: string,
    { from, name, to }: KeptWords,
    payload: Payload,
    callId: string,
  ): Promise<boolean> {
    try {
      await this.options.delivery.send(native, { from, name, to, callId }, payload);
      return true;
    } catch (thrown) {
      const { code, detail } = toHubError(thrown);
      this.options.log.info({ code, reason: detail }, 'words about a call were not shown');
      // A phone that did not answer is gone, most likely: the words may be shown twice.
      return code !== '91' && code !== '103';
    }
  }

  private withMore(native: string, said: KeptWords): KeptWords[] {
    const before = this.kept.get(native) ?? [];
    const isSame = (one: KeptWords) => one.from === said.from && one.words === said.words;
    const count = Math.min(MOST_COUNTED, (before.find(isSame)?.count ?? 0) + 1);
    const all = [...before.filter((one) => !isSame(one)), { ...said, count }];
    if (all.length > MOST_OF_ONE)
      this.options.log.warn({ native }, 'too many missed calls: the oldest is forgotten');
    return all.slice(-MOST_OF_ONE);
  }

  private async store(native: string, words: readonly KeptWords[]): Promise<void> {
    if (words.length > 0) this.kept.set(native, words);
    else this.kept.delete(native);
    const key = KEY + Buffer.from(native).toString('base64url');
    await this.options.memory.put(key, words);
  }
}

/** With the time of the call: the phone shows it as from then. */
function payloadOf({ words, count, at }: KeptWords): Payload {
  const shown = notice(count === 1 ? words : `${words} ×${count}`);
  return { ...shown, headers: [['date', new Date(at).toUTCString()]] };
}
