/** Sends the requests of one person: numbers them, and answers the server's challenges (RFC 3261 §8.1 and §22). */
import { randomBytes } from 'node:crypto';
import { answerTo, challengeIn, type Algorithm, type Challenge, type Login } from './digest.js';
import type { Flow } from './flow.js';
import { addressIn, listIn, writeAddress } from './header-values.js';
import {
  headerOf,
  headersOf,
  neededHeader,
  type Header,
  type SipRequest,
  type SipResponse,
} from './sip-message.js';
import type { Ringing, Transactions } from './transactions.js';

/** Requests that belong together: they share Call-ID and tags, and their numbers rise. */
export interface Usage {
  readonly callId: string;
  readonly fromTag: string;
  cseq: number;
  toTag?: string;
  /** Contact of the other side, where a dialog exists. */
  target?: string;
  route: readonly string[];
}

export interface Outgoing {
  method: string;
  /** Request-URI where there is no dialog. */
  uri: string;
  /** Address in To; `uri`, if absent. */
  to?: string;
  headers?: readonly Header[];
  body?: Buffer;
  /** The same bytes are sent twice. */
  twice?: boolean;
  /** Of an INVITE. */
  ringing?: Ringing;
}

export interface AgentOptions {
  login: Login;
  /** Address in From. */
  from: string;
  display: () => string;
  algorithms: readonly Algorithm[];
  /** @throws NoAnswer if the server is not known */
  flowFor: (bytes: number) => Flow;
}

/** Of Via, From and the other headers that the agent adds, about. */
const HEAD_BYTES = 700;
/** First challenge, and one more when the nonce has become stale. */
const MOST_ATTEMPTS = 3;

export class UserAgent {
  /** The last one of the server itself, and the last one of a proxy, with the number of its uses. */
  private readonly challenges = new Map<Challenge['answerIn'], { challenge: Challenge; uses: number }>();

  constructor(
    private readonly options: AgentOptions,
    private readonly transactions: Transactions,
  ) {}

  /** The person's own. */
  get address(): string {
    return this.options.from;
  }

  /** @throws NoAnswer */
  async send(usage: Usage, outgoing: Outgoing): Promise<SipResponse> {
    const response = await this.logIn(usage, outgoing);
    const least = response.status === 423 ? headerOf(response, 'min-expires') : undefined;
    // The server keeps nothing for such a short time (RFC 3261 §10.2.8).
    return least === undefined ? response : this.logIn(usage, withExpires(outgoing, least));
  }

  private async logIn(usage: Usage, outgoing: Outgoing): Promise<SipResponse> {
    for (let attempt = 1; ; attempt++) {
      const request = this.requestOf(usage, outgoing);
      const flow = this.options.flowFor(request.body.length + HEAD_BYTES);
      const { twice, ringing } = outgoing;
      const response = await this.transactions.request(request, flow, twice, ringing);
      if (response.status !== 401 && response.status !== 407) return response;
      if (attempt === MOST_ATTEMPTS || !this.accepts(response, attempt)) return response;
    }
  }

  /** The ACK of an INVITE that was accepted has its number, and no answer. @throws NoAnswer */
  acknowledge(usage: Usage, uri: string): void {
    usage.cseq--;
    this.transactions.send(this.requestOf(usage, { method: 'ACK', uri }), this.options.flowFor(HEAD_BYTES));
  }

  /** Sends the last request of this usage once more, in another transaction. @throws NoAnswer */
  async repeat(usage: Usage, outgoing: Outgoing): Promise<SipResponse> {
    usage.cseq--;
    return this.transactions.request(this.requestOf(usage, outgoing), this.options.flowFor(HEAD_BYTES));
  }

  /** @returns false if the same login would be refused again */
  private accepts(response: SipResponse, attempt: number): boolean {
    const challenge = challengeIn(response, this.options.algorithms);
    if (!challenge) return false;
    const known = this.challenges.get(challenge.answerIn)?.challenge;
    const isOld = attempt === 1 || challenge.stale || known === undefined;
    if (!isOld || known?.nonce === challenge.nonce) return false;
    this.challenges.set(challenge.answerIn, { challenge, uses: 0 });
    return true;
  }

  private requestOf(usage: Usage, outgoing: Outgoing): SipRequest {
    const { method, headers = [], body = Buffer.alloc(0) } = outgoing;
    const uri = usage.target ?? outgoing.uri;
    const to = writeAddress(
      outgoing.to ?? outgoing.uri,
      '',
      usage.toTag === undefined ? {} : { tag: usage.toTag },
    );
    const { from, display } = this.options;
    const common: Header[] = [
      ['Max-Forwards', '70'],
      ...usage.route.map((route): Header => ['Route', route]),
      ['From', writeAddress(from, display(), { tag: usage.fromTag })],
      ['To', to],
      ['Call-ID', usage.callId],
      ['CSeq', `${++usage.cseq} ${method}`],
      ['User-Agent', 'Youxin'],
      ...headers,
      ...this.authorization({ method, uri }),
    ];
    return { method, uri, headers: common, body };
  }

  private authorization(request: { method: string; uri: string }): Header[] {
    return [...this.challenges.values()].map((known) => [
      known.challenge.answerIn,
      answerTo(known.challenge, this.options.login, request, ++known.uses),
    ]);
  }
}

function withExpires(outgoing: Outgoing, seconds: string): Outgoing {
  const { headers = [] } = outgoing;
  return {
    ...outgoing,
    headers: headers.map(([name, value]) => [name, name === 'Expires' ? seconds : value]),
  };
}

export function newUsage(): Usage {
  return {
    callId: randomBytes(16).toString('hex'),
    fromTag: randomBytes(6).toString('hex'),
    cseq: 0,
    route: [],
  };
}

/** A response that makes a dialog: its tag, contact, and the proxies that want to stay in between (§12.1.2). */
export function enterDialog(usage: Usage, response: SipResponse): void {
  const { tag } = addressIn(neededHeader(response, 'to')).parameters;
  if (tag !== undefined) usage.toTag = tag;
  const contact = headerOf(response, 'contact');
  if (contact !== undefined) usage.target = addressIn(contact).uri;
  usage.route = headersOf(response, 'record-route').flatMap(listIn).reverse();
}
