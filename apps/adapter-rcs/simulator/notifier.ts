/** Sends notifications to the server of the chatbot, again until they are acknowledged. */
import { ask, RepeatedSending, type Faults } from '#simulators';
import type { Notice, Writer } from './dialect.js';

const MOST_ATTEMPTS = 60;
const REMEMBERED = 100;

export class Notifier extends RepeatedSending {
  private address: string | undefined;
  /** The last ones that were acknowledged. */
  readonly acknowledged: Notice[] = [];

  constructor(
    private readonly writer: Writer,
    faults: Faults,
    private readonly times: { answerMs: number; retryMs: number },
  ) {
    super(faults, { attempts: MOST_ATTEMPTS, retryMs: times.retryMs });
  }

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
    this.queue(key, async () => {
      const status = await this.post(notice);
      const isTaken = status === 200 || status === 204;
      if (isTaken) this.remember(notice);
      return isTaken;
    });
  }

  private remember(notice: Notice): void {
    this.acknowledged.push(notice);
    if (this.acknowledged.length > REMEMBERED) this.acknowledged.shift();
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
      signal: this.signal,
    });
    return status;
  }
}
