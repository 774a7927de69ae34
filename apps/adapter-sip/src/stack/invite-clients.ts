/**
 * INVITE client transactions (RFC 3261 §17.1.1, RFC 6026 §8.4): timers A (again), B (given up), D (late refusals absorbed) and
 * M (late acceptances heard). A refusal is acknowledged here; every acceptance is handed on, and is acknowledged by whoever
 * has the dialog.
 */
import type { Clock } from '#adapter-session';
import { HubError } from '#protocol';
import type { Flow } from './flow.js';
import type { Send } from './server-transactions.js';
import {
  cseqOf,
  header,
  headerList,
  withHeader,
  type Header,
  type SipRequest,
  type SipResponse,
} from './sip-message.js';
import { parseVia } from './sip-via.js';
import { printMessage } from './sip-writer.js';
import { T1, TRANSACTION_MS } from './timers.js';

export interface InviteListener {
  /** Each response but repeated refusals. @param request that it answers */
  response(response: SipResponse, request: SipRequest): void;
  /** There is no final response: at most once, and never after one. 91: certainly not sent; 103: nobody knows */
  failed(error: HubError): void;
}

/** An INVITE that was sent. */
export interface Invitation {
  /**
   * Gives it up. What the other side says to that comes as a response: 487, or an acceptance that was faster.
   * @param reason value of a Reason header (RFC 3326)
   */
  cancel(reason?: string): void;
}

type State = 'calling' | 'proceeding' | 'accepted' | 'completed';

interface Transaction {
  request: SipRequest;
  flow: Flow;
  listener: InviteListener;
  state: State;
  /** To be cancelled, as soon as the other side has answered at all (§9.1). */
  cancels: Header[] | undefined;
  acknowledgement: Buffer | undefined;
  stopAgain: () => void;
  stopEnd: () => void;
}

export interface InviteClientsOptions {
  clock: Clock;
  send: Send;
  most: number;
  /** Sends a CANCEL, which is a transaction of its own on the branch of its INVITE. */
  cancel(request: SipRequest, flow: Flow): void;
}

export class InviteClients {
  private readonly known = new Map<string, Transaction>();

  constructor(private readonly options: InviteClientsOptions) {}

  get size(): number {
    return this.known.size;
  }

  /** @param request with our Via on top @throws HubError 91 */
  invite(request: SipRequest, flow: Flow, listener: InviteListener): Invitation {
    const { clock, send, most } = this.options;
    if (this.known.size >= most) throw new HubError('91', 'too many SIP calls wait for an answer');
    if (!flow.open) throw new HubError('91', `the SIP connection ${flow.id} is closed`);
    const key = branchOf(request);
    const transaction: Transaction = {
      request,
      flow,
      listener,
      state: 'calling',
      cancels: undefined,
      acknowledgement: undefined,
      stopAgain: () => undefined,
      stopEnd: clock.after(TRANSACTION_MS, () => this.fail(key, 'nobody answered the call for 32 s')),
    };
    this.known.set(key, transaction);
    const bytes = printMessage(request);
    if (!flow.reliable) this.again(transaction, bytes, T1);
    send(flow, bytes);
    return { cancel: (reason) => this.cancel(key, reason) };
  }

  /** @returns false: no INVITE of ours waits for it */
  take(response: SipResponse): boolean {
    if (cseqOf(response)?.method !== 'INVITE') return false;
    const key = branchOf(response);
    const transaction = this.known.get(key);
    if (!transaction) return false;
    if (response.status < 200) this.proceed(key, transaction, response);
    else if (response.status < 300) this.accept(key, transaction, response);
    else this.refuse(key, transaction, response);
    return true;
  }

  /** The connection is gone, and with it the answers. */
  flowClosed(flow: Flow): void {
    for (const [key, transaction] of this.known)
      if (transaction.flow === flow) this.fail(key, 'the connection was closed before an answer');
  }

  stop(): void {
    for (const key of this.known.keys()) this.fail(key, 'the adapter stops');
  }

  private proceed(key: string, transaction: Transaction, response: SipResponse): void {
    if (transaction.state !== 'calling' && transaction.state !== 'proceeding') return;
    const isFirst = transaction.state === 'calling';
    transaction.state = 'proceeding';
    transaction.stopAgain();
    // From now on the listener says how long it waits.
    if (isFirst) transaction.stopEnd();
    if (isFirst && transaction.cancels) this.sendCancel(key, transaction);
    transaction.listener.response(response, transaction.request);
  }

  private accept(key: string, transaction: Transaction, response: SipResponse): void {
    if (transaction.state === 'completed') return;
    if (transaction.state !== 'accepted') {
      transaction.state = 'accepted';
      transaction.stopAgain();
      transaction.stopEnd();
      transaction.stopEnd = this.options.clock.after(TRANSACTION_MS, () => this.end(key));
    }
    transaction.listener.response(response, transaction.request);
  }

  private refuse(key: string, transaction: Transaction, response: SipResponse): void {
    const { clock, send } = this.options;
    const { flow, request, listener } = transaction;
    if (transaction.state === 'accepted') return;
    const isFirst = transaction.state !== 'completed';
    transaction.acknowledgement ??= printMessage(acknowledgementOf(request, response));
    send(flow, transaction.acknowledgement);
    if (!isFirst) return;
    transaction.state = 'completed';
    transaction.stopAgain();
    transaction.stopEnd();
    if (flow.reliable) this.known.delete(key);
    else transaction.stopEnd = clock.after(TRANSACTION_MS, () => this.end(key));
    listener.response(response, request);
  }

  private cancel(key: string, reason: string | undefined): void {
    const transaction = this.known.get(key);
    if (!transaction || transaction.cancels) return;
    transaction.cancels = reason === undefined ? [] : [['reason', reason]];
    if (transaction.state === 'proceeding') this.sendCancel(key, transaction);
  }

  /** A peer of RFC 2543 may not answer the INVITE any more (§9.1). */
  private sendCancel(key: string, transaction: Transaction): void {
    const { request, flow, cancels = [] } = transaction;
    transaction.stopEnd = this.options.clock.after(TRANSACTION_MS, () =>
      this.fail(key, 'nobody answered a call that was cancelled'),
    );
    const cancel = sibling(request, 'CANCEL');
    this.options.cancel({ ...cancel, headers: [...cancel.headers, ...cancels] }, flow);
  }

  private again(transaction: Transaction, bytes: Buffer, interval: number): void {
    transaction.stopAgain = this.options.clock.after(interval, () => {
      this.options.send(transaction.flow, bytes);
      this.again(transaction, bytes, interval * 2);
    });
  }

  private fail(key: string, why: string): void {
    const { state, listener } = this.known.get(key) ?? {};
    this.end(key);
    if (state === 'calling' || state === 'proceeding') listener?.failed(new HubError('103', `SIP: ${why}`));
  }

  private end(key: string): void {
    const transaction = this.known.get(key);
    transaction?.stopAgain();
    transaction?.stopEnd();
    this.known.delete(key);
  }
}

/** §17.1.1.3. */
function acknowledgementOf(request: SipRequest, response: SipResponse): SipRequest {
  const ack = sibling(request, 'ACK');
  return withHeader(ack, 'to', header(response, 'to') ?? header(request, 'to') ?? '');
}

/** A request that goes the way of the INVITE, and is recognised by its branch. */
function sibling(request: SipRequest, method: 'ACK' | 'CANCEL'): SipRequest {
  const copied = request.headers.filter(([name]) =>
    ['max-forwards', 'route', 'from', 'to', 'call-id'].includes(name),
  );
  const [via = ''] = headerList(request, 'via');
  return {
    kind: 'request',
    method,
    uri: request.uri,
    headers: [['via', via], ...copied, ['cseq', `${cseqOf(request)?.number ?? 1} ${method}`]],
    body: Buffer.alloc(0),
  };
}

function branchOf(message: SipRequest | SipResponse): string {
  return parseVia(headerList(message, 'via')[0] ?? '')?.params.get('branch') ?? '';
}
