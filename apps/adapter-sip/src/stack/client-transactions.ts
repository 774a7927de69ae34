/** Non-INVITE client transactions (RFC 3261 §17.1.2): timers E (again), F (given up) and K (late answers absorbed). */
import type { Clock } from '#adapter-session';
import { HubError } from '#protocol';
import type { Flow } from './flow.js';
import { cseqOf, headerList, type SipRequest, type SipResponse } from './sip-message.js';
import { parseVia } from './sip-via.js';
import { printMessage } from './sip-writer.js';
import { nextRetransmission, T1, T2, T4, TRANSACTION_MS } from './timers.js';
import type { Send } from './server-transactions.js';

interface Transaction {
  flow: Flow;
  proceeding: boolean;
  answered: PromiseWithResolvers<SipResponse>;
  cancelAgain: () => void;
  cancelEnd: () => void;
}

export class ClientTransactions {
  private readonly known = new Map<string, Transaction>();

  constructor(
    private readonly clock: Clock,
    private readonly send: Send,
    private readonly most: number,
  ) {}

  get size(): number {
    return this.known.size;
  }

  /**
   * @param request with our Via on top
   * @returns the final response
   * @throws HubError 91: certainly not sent. 103: sent, and nobody answered for 32 s, or the connection is gone
   */
  async request(request: SipRequest, flow: Flow): Promise<SipResponse> {
    if (this.known.size >= this.most) throw new HubError('91', 'too many SIP requests wait for an answer');
    if (!flow.open) throw new HubError('91', `the SIP connection ${flow.id} is closed`);
    const key = clientKey(request);
    const bytes = printMessage(request);
    const transaction: Transaction = {
      flow,
      proceeding: false,
      answered: Promise.withResolvers<SipResponse>(),
      cancelAgain: () => undefined,
      cancelEnd: this.clock.after(TRANSACTION_MS, () => this.give(key, 'nobody answered for 32 s')),
    };
    this.known.set(key, transaction);
    if (!flow.reliable) this.again(transaction, bytes, T1);
    const { answered } = transaction;
    try {
      const sent = flow.send(bytes);
      await Promise.race([sent, answered.promise]);
    } catch (error) {
      this.end(key);
      throw error;
    }
    return answered.promise;
  }

  /** @returns false: no request of ours waits for it */
  take(response: SipResponse): boolean {
    const key = clientKey(response);
    const transaction = this.known.get(key);
    if (!transaction) return false;
    if (response.status < 200) {
      transaction.proceeding = true;
      return true;
    }
    transaction.answered.resolve(response);
    transaction.cancelAgain();
    transaction.cancelEnd();
    if (transaction.flow.reliable) this.known.delete(key);
    else transaction.cancelEnd = this.clock.after(T4, () => this.known.delete(key));
    return true;
  }

  /** The connection is gone, and with it the answers. */
  flowClosed(flow: Flow): void {
    for (const [key, transaction] of this.known)
      if (transaction.flow === flow) this.give(key, 'the connection was closed before an answer');
  }

  stop(): void {
    for (const key of this.known.keys()) this.give(key, 'the adapter stops');
  }

  private again(transaction: Transaction, bytes: Buffer, interval: number): void {
    transaction.cancelAgain = this.clock.after(interval, () => {
      this.send(transaction.flow, bytes);
      this.again(transaction, bytes, transaction.proceeding ? T2 : nextRetransmission(interval));
    });
  }

  private give(key: string, why: string): void {
    const { answered } = this.known.get(key) ?? {};
    this.end(key);
    answered?.reject(new HubError('103', `SIP: ${why}`));
  }

  private end(key: string): void {
    const transaction = this.known.get(key);
    transaction?.cancelAgain();
    transaction?.cancelEnd();
    this.known.delete(key);
  }
}

/** §17.1.3. */
function clientKey(message: SipRequest | SipResponse): string {
  const branch = parseVia(headerList(message, 'via')[0] ?? '')?.params.get('branch');
  return `${cseqOf(message)?.method} ${branch}`;
}
