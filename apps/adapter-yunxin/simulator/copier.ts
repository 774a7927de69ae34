/** Message copy (消息抄送): sends acts of users to the app's server. */
import { ask, pause, SendingQueues, unguessable, type Faults } from '#simulators';
import { bodyMd5, copyCheckSum } from './checksum.js';

const ATTEMPTS = 3;

export type Copy = Record<string, string>;

export class Copier {
  private receiver: URL | undefined;
  private readonly queues = new SendingQueues();
  private readonly closing = new AbortController();

  constructor(
    private readonly app: { appKey: string; appSecret: string; answerMs: number; retryMs: number },
    private readonly faults: Faults,
  ) {}

  /** Test request of the console: an empty object with a checksum. */
  async connect(address: string): Promise<void> {
    const receiver = new URL(address);
    const { status } = await this.post(receiver, '{}');
    if (status !== 200) throw new Error(`the receiver answered the probe with ${status}`);
    this.receiver = receiver;
  }

  /** Copies of one sender are sent in order. */
  enqueue(sender: string, copy: Copy): void {
    this.queues.add(sender, () => this.deliver(copy));
  }

  idle(): Promise<void> {
    return this.queues.idle();
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.idle();
  }

  private async deliver(copy: Copy): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS && !this.closing.signal.aborted; attempt++) {
      const began = Date.now();
      if (await this.taken(copy)) {
        // Yunxin treats this as a client's resend: the same ids, and the resend flag.
        if (this.faults.takeDuplicate()) await this.taken({ ...copy, resendFlag: '1' });
        return;
      }
      if (attempt < ATTEMPTS) await this.waitUntil(began + this.app.retryMs);
    }
  }

  private async taken(copy: Copy): Promise<boolean> {
    if (!this.receiver) return false;
    try {
      return (await this.post(this.receiver, JSON.stringify(copy))).status === 200;
    } catch {
      // Timeout or no connection: it is sent again.
      return false;
    }
  }

  private async post(receiver: URL, body: string): Promise<{ status: number }> {
    const CurTime = String(this.faults.signingTime());
    const MD5 = bodyMd5(body);
    const secret = this.faults.takeWrongSignature() ? unguessable(8) : this.app.appSecret;
    const CheckSum = copyCheckSum(secret, MD5, CurTime);
    const { appKey: AppKey, answerMs } = this.app;
    return ask(receiver, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', AppKey, CurTime, MD5, CheckSum },
      deadlineMs: answerMs,
      signal: this.closing.signal,
    });
  }

  private async waitUntil(time: number): Promise<void> {
    await pause(time - Date.now(), this.closing.signal);
  }
}
