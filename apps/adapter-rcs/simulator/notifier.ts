/** Sends notifications to the server of the chatbot, again until they are acknowledged. */
import { ask, pause, SendingQueues, type Faults } from '#simulators';
import type { Notice, Writer } from './dialect.js';

const MOST_ATTEMPTS = 60;
const REMEMBERED = 100;

export class Notifier {
  private address: string | undefined;
  private readonly queues = new SendingQueues();
  private readonly closing = new AbortController();
  private held: (() => void)[] | undefined;
  /** The last ones that were acknowledged. */
  readonly acknowledged: Notice[] = [];

  constructor(
    private readonly writer: Writer,
    private readonly faults: Faults,
    private readonly times: { answerMs: number; retryMs: number },
  ) {}

  /** Enters the address. @throws Error if it does not answer, or not as it must */
  async connect(address: string): Promise<void> {
    const { check } = this.writer;
    if (check) {
      const signal = AbortSignal.timeout(this.times.answerMs);
      const response = await fetch(address + check.path, { headers: this.writer.proof(false), signal });
      if (response.status !== 200 || !check.isRight(response.headers))
        throw new Error(`the check of the address was answered with ${response.status}`);
    } else await fetch(address, { method: 'POST', signal: AbortSignal.timeout(this.times.answerMs) });
    this.address = address;
  }

  /** In the order of the calls for one key; without an order between keys. */
  enqueue(key: string, notice: Notice): void {
    this.queues.add(key, () => this.deliver(notice));
  }

  /** Until `release` nothing is sent; then all of it, in the order that `sorted` gives. */
  hold(): void {
    this.held = [];
  }

  release(sorted: <T>(held: T[]) => T[] = (held) => held): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const go of sorted(held)) go();
  }

  async idle(): Promise<void> {
    await this.queues.idle();
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.release();
    await this.idle();
  }

  private async deliver(notice: Notice): Promise<void> {
    if (this.held) await new Promise<void>((resolve) => this.held?.push(resolve));
    for (let attempt = 1; attempt <= MOST_ATTEMPTS && !this.closing.signal.aborted; attempt++) {
      if (await this.taken(notice)) {
        this.acknowledged.push(notice);
        if (this.acknowledged.length > REMEMBERED) this.acknowledged.shift();
        if (this.faults.takeDuplicate()) await this.taken(notice);
        return;
      }
      if (attempt < MOST_ATTEMPTS) await pause(this.times.retryMs, this.closing.signal);
    }
  }

  private async taken(notice: Notice): Promise<boolean> {
    try {
      const status = await this.post(notice);
      return status === 200 || status === 204;
    } catch {
      // No connection, or no answer in time: it is sent again.
      return false;
    }
  }

  /** Sends one notification as it is. @returns the HTTP status, 0 without an address */
  async post({ path, type, body, headers = {} }: Notice): Promise<number> {
    if (this.address === undefined) return 0;
    const proof = this.writer.proof(this.faults.takeWrongSignature());
    const { status } = await ask(new URL(this.address + path), {
      method: 'POST',
      body,
      headers: { 'content-type': type, ...headers, ...proof },
      deadlineMs: this.times.answerMs,
      signal: this.closing.signal,
    });
    return status;
  }
}
