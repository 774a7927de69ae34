/**
 * Server transactions (RFC 3261 §17.2, RFC 6026): a request that comes again is answered from here, and is never processed
 * twice. INVITE has its own timers G and H, because its sender confirms the answer with ACK; one that was accepted stays for
 * timer L, and whoever accepted it repeats the answer. A challenge ends its transaction (§8.2.7): datagrams with forged addresses
 * would fill the memory otherwise, and whoever asks again is challenged again.
 */
import type { Clock } from '#adapter-session';
import { LruCache } from '#service';
import type { Flow } from './flow.js';
import { cseqOf, header, headerList, type SipRequest, type SipResponse } from './sip-message.js';
import { tagOf } from './sip-uri.js';
import { BRANCH_COOKIE, parseVia } from './sip-via.js';
import { printMessage } from './sip-writer.js';
import { nextRetransmission, T1, T2, TRANSACTION_MS } from './timers.js';

const CHALLENGES: ReadonlySet<number> = new Set([401, 407]);

export type Send = (flow: Flow, bytes: Buffer) => void;

interface Transaction {
  flow: Flow;
  answer: Buffer | undefined;
  /** Of the final answer. */
  final: number | undefined;
  /** The sender of an INVITE does not wait any longer. */
  cancelled: () => void;
  cancelTimers: (() => void)[];
}

/** What a request is to the transactions that are known. `confirmation`: the ACK of an INVITE that was accepted. */
export type Entered = 'new' | 'again' | 'acknowledged' | 'confirmation' | 'too-many';

export class ServerTransactions {
  private readonly known = new Map<string, Transaction>();
  /** How many of them each address has; bounded by `known`. */
  private readonly ofAddress = new Map<string, number>();
  /** A transaction that a reliable transport ended at once: some phones repeat a request on the same connection all the same. */
  private readonly ended = new LruCache<string, Buffer>({ max: 5000, ttl: TRANSACTION_MS });

  constructor(
    private readonly clock: Clock,
    private readonly send: Send,
    private readonly most: number,
  ) {}

  get size(): number {
    return this.known.size;
  }

  enter(request: SipRequest, flow: Flow): Entered {
    const key = serverKey(request);
    const known = this.known.get(key);
    if (request.method === 'ACK') {
      if (!known?.final || known.final < 300) return 'confirmation';
      this.end(key);
      return 'acknowledged';
    }
    if (known && isAccepted(request, known)) return 'again';
    const answer = known?.answer ?? this.ended.get(key);
    if (answer) this.send(flow, answer);
    if (known || answer) return 'again';
    if (!this.hasRoom(flow)) return 'too-many';
    this.count(flow, 1);
    this.known.set(key, {
      flow,
      answer: undefined,
      final: undefined,
      cancelled: () => undefined,
      cancelTimers: [],
    });
    return 'new';
  }

  /** @param work is called when the sender of this INVITE gives it up before its final answer */
  onCancel(invite: SipRequest, work: () => void): void {
    const transaction = this.known.get(serverKey(invite));
    if (transaction) transaction.cancelled = work;
  }

  /** Whether a CANCEL names a request that is known (§9.2). */
  cancels(request: SipRequest): boolean {
    return this.known.has(serverKey({ ...request, method: 'INVITE' }));
  }

  /** A CANCEL ends the INVITE that it names, unless there is a final answer already. */
  cancel(request: SipRequest): void {
    const transaction = this.known.get(serverKey({ ...request, method: 'INVITE' }));
    if (transaction && transaction.final === undefined) transaction.cancelled();
  }

  /** Sends the answer, and keeps a final one for whoever asks again. A second final answer is not sent, except 2xx to INVITE. */
  respond(request: SipRequest, response: SipResponse): void {
    const key = serverKey(request);
    const transaction = this.known.get(key);
    if (!transaction) return;
    if (transaction.final !== undefined) {
      if (isAccepted(request, transaction) && response.status < 300 && response.status >= 200)
        this.send(transaction.flow, printMessage(response));
      return;
    }
    transaction.answer = printMessage(response);
    this.send(transaction.flow, transaction.answer);
    if (response.status < 200) return;
    transaction.final = response.status;
    if (CHALLENGES.has(response.status)) return this.end(key);
    if (isAccepted(request, transaction)) {
      transaction.cancelTimers.push(this.clock.after(TRANSACTION_MS, () => this.end(key)));
      return;
    }
    if (request.method === 'INVITE') return this.untilAcknowledged(key, transaction);
    if (transaction.flow.reliable) {
      this.ended.set(key, transaction.answer);
      this.end(key);
    } else transaction.cancelTimers.push(this.clock.after(TRANSACTION_MS, () => this.end(key)));
  }

  stop(): void {
    for (const key of this.known.keys()) this.end(key);
  }

  private untilAcknowledged(key: string, transaction: Transaction): void {
    transaction.cancelTimers.push(this.clock.after(TRANSACTION_MS, () => this.end(key)));
    if (transaction.flow.reliable) return;
    const again = (interval: number): void => {
      transaction.cancelTimers.push(
        this.clock.after(interval, () => {
          if (transaction.answer) this.send(transaction.flow, transaction.answer);
          again(Math.min(nextRetransmission(interval), T2));
        }),
      );
    };
    again(T1);
  }

  /** One address has half of the places at most, so that a flood from it does not silence all others. */
  private hasRoom({ remote: { address } }: Flow): boolean {
    return this.known.size < this.most && (this.ofAddress.get(address) ?? 0) < Math.ceil(this.most / 2);
  }

  private count({ remote: { address } }: Flow, change: 1 | -1): void {
    const now = (this.ofAddress.get(address) ?? 0) + change;
    if (now === 0) this.ofAddress.delete(address);
    else this.ofAddress.set(address, now);
  }

  private end(key: string): void {
    const transaction = this.known.get(key);
    if (!transaction) return;
    for (const cancel of transaction.cancelTimers) cancel();
    this.known.delete(key);
    this.count(transaction.flow, -1);
  }
}

/** RFC 6026 §8.7: the state in which an INVITE that comes again is absorbed. */
function isAccepted({ method }: SipRequest, { final }: Transaction): boolean {
  return method === 'INVITE' && final !== undefined && final < 300;
}

/** §17.2.3, and the address: nobody else ends the requests of a peer, or answers for them. An ACK belongs to the transaction of its INVITE. Without the cookie of RFC 3261: as RFC 2543 compares. */
export function serverKey(request: SipRequest): string {
  const top = headerList(request, 'via')[0] ?? '';
  const via = parseVia(top);
  const branch = via?.params.get('branch') ?? '';
  const method = request.method === 'ACK' ? 'INVITE' : request.method;
  if (branch.startsWith(BRANCH_COOKIE) && branch.length > BRANCH_COOKIE.length)
    return `${method} ${via?.sentBy} ${via?.params.get('received')} ${branch}`;
  const fields = ['call-id', 'from'].map((name) => header(request, name));
  return [method, request.uri, ...fields, cseqOf(request)?.number, top].join('\n');
}

/** RFC 3428 §8 has no id of a message but these: the same through all retransmissions, also to another process of ours. */
export function identityOf(request: SipRequest): string {
  const cseq = cseqOf(request);
  return [header(request, 'call-id'), cseq?.number, cseq?.method, tagOf(header(request, 'from'))].join(' ');
}
