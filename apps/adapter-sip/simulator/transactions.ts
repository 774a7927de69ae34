/** Transactions (RFC 3261 §17). Of an INVITE, refusals are acknowledged here. */
import { randomBytes } from 'node:crypto';
import type { Flow, Received } from './flow.js';
import { viaIn } from './header-values.js';
import {
  headersOf,
  isRequest,
  neededHeader,
  NotSip,
  type Header,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  writeSip,
} from './sip-message.js';

export interface SipTimes {
  /** T1, ms. Requests are given up after 64 of it. */
  t1: number;
  /** Longest time between two retransmissions, ms. */
  t2: number;
}

export interface Answer {
  status: number;
  reason: string;
  headers?: readonly Header[];
  body?: Buffer;
  /** Of the side that answers; a new one, if absent and needed. */
  toTag?: string;
  /** It is sent only when the request comes again. */
  isLost?: true;
}

/**
 * What a user agent does with a request; undefined: nothing, and whoever sent it waits in vain.
 * @param respond gives another response later, to an INVITE
 */
export type Serve = (
  request: SipRequest,
  flow: Flow,
  respond: (answer: Answer) => void,
) => Answer | undefined;

/** Of an INVITE, which is answered when a person has decided. */
export interface Ringing {
  /** @param cancel gives it up */
  began: (cancel: () => void) => void;
  rings: (response: SipResponse) => void;
}

/** The peer has not answered in time, or the connection has ended. */
export class NoAnswer extends Error {}

interface Open {
  method: string;
  flow: Flow;
  settle: (result: SipResponse | NoAnswer) => void;
  /** A provisional response has come. */
  proceeds: (response: SipResponse) => void;
}

interface Served {
  flow: Flow;
  response: Buffer | undefined;
}

/** Nobody waits longer for an answer. */
const LONGEST_RINGING_MS = 90_000;
/** Requests whose answers are kept for retransmissions, at most. */
const MOST_SERVED = 50_000;

export class Transactions {
  private readonly open = new Map<string, Open>();
  private readonly served = new Map<string, Served>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private isClosed = false;

  constructor(
    private readonly times: SipTimes,
    private readonly serve: Serve,
    private readonly sentBy: () => string,
  ) {}

  /**
   * @param request without Via
   * @param twice the request is retransmitted at once
   * @throws NoAnswer
   */
  async request(request: SipRequest, flow: Flow, twice = false, ringing?: Ringing): Promise<SipResponse> {
    if (this.isClosed) throw new NoAnswer('the simulator has ended');
    const branch = newBranch();
    const via = this.newVia(flow, branch);
    const bytes = writeSip({ ...request, headers: [via, ...request.headers] });
    const timers = new Set<NodeJS.Timeout>();
    let forget = (): void => undefined;
    try {
      const response = await new Promise<SipResponse>((resolve, reject) => {
        const settle = (result: SipResponse | NoAnswer): void =>
          result instanceof NoAnswer ? reject(result) : resolve(result);
        const { again, proceeds: slower } = this.retransmission(bytes, flow, timers);
        const proceeds = (response: SipResponse): void => {
          slower();
          if (!ringing) return;
          for (const timer of timers) clearTimeout(timer);
          timers.add(setTimeout(() => settle(new NoAnswer('no answer')), LONGEST_RINGING_MS));
          if (response.status > 100) ringing.rings(response);
        };
        ringing?.began(() => flow.send(writeSip(followUp(request, via, 'CANCEL'))));
        this.open.set(branch, { method: request.method, flow, settle, proceeds });
        forget = flow.onClose(() => settle(new NoAnswer('the connection has ended')));
        timers.add(setTimeout(() => settle(new NoAnswer('no answer')), 64 * this.times.t1));
        flow.send(bytes);
        if (twice) flow.send(bytes);
        if (flow.transport === 'udp') again(this.times.t1);
      });
      if (ringing && response.status >= 300)
        flow.send(writeSip(followUp(request, via, 'ACK', neededHeader(response, 'to'))));
      return response;
    } finally {
      forget();
      this.open.delete(branch);
      for (const timer of timers) clearTimeout(timer);
    }
  }

  /** Sends what nobody answers. @param request without Via */
  send(request: SipRequest, flow: Flow): void {
    flow.send(writeSip({ ...request, headers: [this.newVia(flow), ...request.headers] }));
  }

  readonly received: Received = (message, flow) => {
    try {
      if (isRequest(message)) this.requested(message, flow);
      else this.answered(message);
    } catch (error) {
      // Without a Via or CSeq nobody can be answered.
      if (!(error instanceof NotSip)) throw error;
    }
  };

  close(): void {
    this.isClosed = true;
    for (const { settle } of this.open.values()) settle(new NoAnswer('the simulator ends'));
    for (const timer of this.timers) clearTimeout(timer);
  }

  /** Timer E: T1, then twice the time before, up to T2; T2 alone after a provisional response. */
  private retransmission(bytes: Buffer, flow: Flow, timers: Set<NodeJS.Timeout>) {
    let next: number | undefined;
    const again = (after: number): void => {
      timers.add(
        setTimeout(() => {
          flow.send(bytes);
          again(next ?? Math.min(2 * after, this.times.t2));
        }, after),
      );
    };
    return { again, proceeds: () => (next = this.times.t2) };
  }

  private newVia({ transport }: Flow, branch = newBranch()): Header {
    return ['Via', `SIP/2.0/${transport.toUpperCase()} ${this.sentBy()};branch=${branch};rport`];
  }

  private answered(response: SipResponse): void {
    const open = this.open.get(viaIn(neededHeader(response, 'via')).parameters['branch'] ?? '');
    // §17.1.3: the branch and the method are those of the request. Others come too late.
    if (!open || methodOf(response) !== open.method) return;
    if (response.status < 200) open.proceeds(response);
    else open.settle(response);
  }

  private requested(request: SipRequest, flow: Flow): void {
    const via = viaIn(neededHeader(request, 'via'));
    // The acknowledgement of an INVITE that was refused.
    if (request.method === 'ACK') return;
    const back = 'rport' in via.parameters ? flow : flow.toPort(via.port);
    const key = [via.parameters['branch'] ?? '', via.host, via.port, request.method].join('|');
    const known = this.served.get(key);
    if (known) {
      if (known.response) known.flow.send(known.response);
      return;
    }
    const served: Served = { flow: back, response: undefined };
    this.keep(key, served);
    const respond = (later: Answer): void => {
      served.response = writeSip(responseTo(request, later, flow));
      back.send(served.response);
    };
    const answer = this.serve(request, flow, respond);
    if (!answer) return;
    served.response = writeSip(responseTo(request, answer, flow));
    if (!answer.isLost) back.send(served.response);
  }

  /** Timer J. */
  private keep(key: string, served: Served): void {
    const [oldest] = this.served.keys();
    if (this.served.size >= MOST_SERVED && oldest !== undefined) this.served.delete(oldest);
    this.served.set(key, served);
    const timer = setTimeout(() => {
      this.served.delete(key);
      this.timers.delete(timer);
    }, 64 * this.times.t1).unref();
    this.timers.add(timer);
  }
}

/** A request on the branch of an INVITE (§9.1, §17.1.1.3). */
function followUp(invite: SipRequest, via: Header, method: 'ACK' | 'CANCEL', to?: string): SipRequest {
  const copied = invite.headers
    .filter(([name]) => ['Max-Forwards', 'Route', 'From', 'To', 'Call-ID'].includes(name))
    .map(([name, value]): Header => [name, name === 'To' ? (to ?? value) : value]);
  const number = neededHeader(invite, 'cseq').split(' ')[0] ?? '1';
  const { uri } = invite;
  return { method, uri, headers: [via, ...copied, ['CSeq', `${number} ${method}`]], body: Buffer.alloc(0) };
}

/** §8.2.6: these headers are copied, and To gets a tag. */
export function responseTo(request: SipRequest, answer: Answer, flow?: Flow): SipResponse {
  const { status, reason, headers = [], body = Buffer.alloc(0), toTag = newTag() } = answer;
  const [first = '', ...others] = headersOf(request, 'via');
  const vias = [flow ? received(first, flow) : first, ...others].map((value): Header => ['Via', value]);
  const copied = ['from', 'to', 'call-id', 'cseq'].map((name): Header => {
    const value = neededHeader(request, name);
    const needsTag = name === 'to' && !/;\s*tag\s*=/i.test(value);
    return [LONG[name] ?? name, needsTag ? `${value};tag=${toTag}` : value];
  });
  return { status, reason, headers: [...vias, ...copied, ...headers], body };
}

function newBranch(): string {
  return `z9hG4bK${randomBytes(12).toString('hex')}`;
}

function newTag(): string {
  return randomBytes(6).toString('hex');
}

const LONG: Record<string, string> = { from: 'From', to: 'To', 'call-id': 'Call-ID', cseq: 'CSeq' };

/** `rport` gets its value only in the first Via, which is that of the peer (RFC 3581 §4). */
function received(via: string, flow: Flow): string {
  const port = flow.remotePort;
  return port === undefined ? via : via.replace(/;rport(?=;|\s*$|,)/, `;received=127.0.0.1;rport=${port}`);
}

export function methodOf(message: SipMessage): string {
  const [, method = ''] = /^\d+\s+(\S+)$/.exec(neededHeader(message, 'cseq')) ?? [];
  return method;
}
