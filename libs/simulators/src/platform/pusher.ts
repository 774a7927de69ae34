/** Pushes acts of people to the account's server: three attempts, in order for each person. */
import { pause } from '../pause.js';
import { SendingQueues } from '../sending-queues.js';
import type { Envelope } from './envelope.js';
import type { Faults } from './faults.js';
import { ask } from './http.js';
import type { Fields } from './xml.js';

const ATTEMPTS = 3;

export interface Push {
  /** Pushes of one person are sent one at a time. */
  person: string;
  fields: Fields;
  /** Called when the account answered the push with a message. */
  replied(reply: Fields): void;
  failed(): void;
}

export class Pusher {
  private callback: URL | undefined;
  private readonly queues = new SendingQueues();
  private readonly closing = new AbortController();

  constructor(
    private readonly envelope: Envelope,
    private readonly faults: Faults,
    private readonly options: {
      answerMs: number;
      retryMs: number;
      handshakeMs: number;
      tellsPerson: boolean;
    },
  ) {}

  async connect(address: string): Promise<void> {
    const callback = new URL(address);
    const { query, expected } = this.envelope.challenge(this.faults.signingTime());
    const { status, body } = await ask(this.aim(callback, query), {
      method: 'GET',
      deadlineMs: this.options.handshakeMs,
      signal: this.closing.signal,
    });
    if (status !== 200 || body !== expected) {
      throw new Error(`the callback answered the check wrongly: ${status} ${body.slice(0, 80)}`);
    }
    this.callback = callback;
  }

  enqueue(push: Push): void {
    this.queues.add(push.person, () => this.deliver(push));
  }

  /** Resolves when all pushes so far are accepted or given up. */
  idle(): Promise<void> {
    return this.queues.idle();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.idle();
  }

  private async deliver(push: Push): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS && !this.closing.signal.aborted; attempt++) {
      const began = Date.now();
      const reply = await this.attempt(push);
      if (reply) {
        if (reply !== 'success') push.replied(reply);
        // The account has already answered: its answer to the repeated push is ignored.
        if (this.faults.takeDuplicate()) await this.attempt(push);
        return;
      }
      if (attempt < ATTEMPTS) await this.waitUntil(began + this.options.retryMs);
    }
    if (!this.closing.signal.aborted) push.failed();
  }

  /** @returns undefined if the push has to be repeated */
  private async attempt({ fields, person }: Push): Promise<Fields | 'success' | undefined> {
    if (!this.callback) return undefined;
    const { query, body } = this.envelope.seal(
      fields,
      this.faults.signingTime(),
      this.faults.takeWrongSignature(),
    );
    const openid: Record<string, string> = this.options.tellsPerson ? { openid: person } : {};
    try {
      const answer = await ask(this.aim(this.callback, { ...query, ...openid }), {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/xml; charset=utf-8' },
        deadlineMs: this.options.answerMs,
        signal: this.closing.signal,
      });
      return this.judge(answer, fields);
    } catch {
      // Timeout, no connection, or an invalid answer: try again.
      return undefined;
    }
  }

  private judge(answer: { status: number; body: string }, fields: Fields): Fields | 'success' | undefined {
    if (answer.status !== 200) return undefined;
    const text = answer.body.trim();
    if (text === '' || text === 'success') return 'success';
    const reply = this.envelope.open(text);
    if (reply === 'success') return reply;
    const swapped =
      reply['ToUserName'] === fields['FromUserName'] && reply['FromUserName'] === fields['ToUserName'];
    return swapped && reply['MsgType'] ? reply : undefined;
  }

  private async waitUntil(time: number): Promise<void> {
    await pause(time - Date.now(), this.closing.signal);
  }

  /** The URL of the account may already contain a query. */
  private aim(callback: URL, query: Record<string, string>): URL {
    const url = new URL(callback);
    for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
    return url;
  }
}
