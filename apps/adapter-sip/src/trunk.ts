/** The user-agent side: our account at a foreign SIP proxy, which serves telephone numbers and other domains. */
import { randomBytes, randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { HubError, toHubError } from '#protocol';
import { sleep, type Log } from '#service';
import { messageRequest, type Envelope, type Payload } from './from-canonical.js';
import { taken, type Taken } from './phones.js';
import { secondsOf } from './expires.js';
import { TRUNK, type Line } from './calls/line.js';
import { parseChallenge, printCredentials, type Challenge } from './stack/digest.js';
import { inviteWithLogin, type Inviting } from './trunk-invite.js';
import type { Flow, TransportName } from './stack/flow.js';
import { newTag, type SipEndpoint } from './stack/sip-endpoint.js';
import {
  cseqOf,
  header,
  withHeader,
  type Header,
  type SipRequest,
  type SipResponse,
} from './stack/sip-message.js';
import { tagOf } from './stack/sip-uri.js';

export interface TrunkOptions {
  endpoint: SipEndpoint;
  log: Log;
  host: string;
  port: number;
  transport: TransportName;
  domain: string;
  user: string | undefined;
  password: string | undefined;
  route: string | undefined;
  /** Number that is shown for our calls. */
  caller: string | undefined;
  /** Contact of this server. */
  contact: () => string;
}

const EXPIRES_S = 300;
const RETRY_MS = 10_000;
type Credential = 'authorization' | 'proxy-authorization';

/** The first challenge, and one more when the nonce has become stale. */
const MOST_ATTEMPTS = 3;

export class Trunk {
  private readonly stopped = new AbortController();
  private readonly addresses = new Set<string>();
  /** The last challenge to each kind of credentials: a proxy and a registrar on one host may use one nonce for both. */
  private readonly challenges = new Map<Credential, { challenge: Challenge; uses: number }>();
  private readonly registration = { callId: randomUUID(), tag: newTag(), sequence: 0 };
  /** Whether the proxy knows us: by our account, or by our address. */
  registered = false;

  constructor(private readonly options: TrunkOptions) {}

  /** Whether a request comes from the proxy itself. */
  owns({ remote }: Flow): boolean {
    return this.addresses.has(remote.address);
  }

  /** Keeps our account registered until `stop`. Without an account the proxy knows our address. */
  async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      const seconds = await this.attempt();
      await sleep(seconds === undefined ? RETRY_MS : (seconds * 1000) / 2, signal);
    }
  }

  stop(): void {
    this.stopped.abort();
  }

  /** @throws HubError 91, 103, and what the proxy says */
  async send(uri: string, envelope: Envelope, payload: Payload): Promise<Taken> {
    const tag = newTag();
    const response = await this.request(messageRequest(uri, envelope, payload, 1, tag));
    const { plain } = payload;
    if (response.status !== 415 || !plain) return taken(response);
    return taken(
      await this.request(messageRequest(uri, envelope, { ...payload, ...plain }, MOST_ATTEMPTS + 1, tag)),
    );
  }

  private async attempt(): Promise<number | undefined> {
    const { host, user, log } = this.options;
    try {
      this.addresses.clear();
      for (const { address } of await lookup(host, { all: true })) this.addresses.add(address);
      if (user === undefined) {
        this.registered = true;
        return EXPIRES_S;
      }
      const response = await this.request(this.register(user));
      this.registered = response.status === 200;
      if (this.registered) return secondsOf({ headers: response.headers } as SipRequest, EXPIRES_S);
      log.warn({ status: response.status }, 'the SIP trunk does not register us');
    } catch (error) {
      this.registered = false;
      log.warn({ reason: toHubError(error).detail }, 'the SIP trunk does not answer');
    }
    return undefined;
  }

  private register(user: string): SipRequest {
    const { domain, contact } = this.options;
    const { callId, tag } = this.registration;
    // Room for the numbers of requests that answer a challenge.
    this.registration.sequence += MOST_ATTEMPTS;
    return {
      kind: 'request',
      method: 'REGISTER',
      uri: `sip:${domain}`,
      headers: [
        ['max-forwards', '70'],
        ['from', `<sip:${user}@${domain}>;tag=${tag}`],
        ['to', `<sip:${user}@${domain}>`],
        ['call-id', callId],
        ['cseq', `${this.registration.sequence} REGISTER`],
        ['contact', contact()],
        ['expires', String(EXPIRES_S)],
      ],
      body: Buffer.alloc(0),
    };
  }

  /** Our user name there. */
  get account(): string | undefined {
    return this.options.user;
  }

  /** As whom we call: the trunk has our word for it (RFC 3325). */
  get callerId(): string | undefined {
    const { caller, user, domain } = this.options;
    const known = caller ?? user;
    return known === undefined ? undefined : `sip:${known}@${domain}`;
  }

  /** For calls. Requests within a call go the way that its dialog says, by this proxy. */
  line(contactFor: (flow: Flow) => string): Line {
    const { endpoint } = this.options;
    return {
      place: TRUNK,
      invite: (request, listener) => inviteWithLogin(request, listener, this.inviting()),
      request: (request) => this.request(request, true),
      acknowledge: async (request) => endpoint.acknowledge(request, await this.flow()),
      contact: async () => contactFor(await this.flow()),
    };
  }

  private inviting(): Inviting {
    const { endpoint, route } = this.options;
    return {
      attempts: MOST_ATTEMPTS,
      accepts: (response, refused) => this.accepts(response, refused),
      sentWith: () => this.nonces(),
      begin: async (request, listener) => {
        // A dialog has the routes of its own.
        const isWithinCall = tagOf(header(request, 'to')) !== undefined;
        const routed = route === undefined || isWithinCall ? request : withHeader(request, 'route', route);
        return endpoint.invite(this.authorized(routed), await this.flow(), listener);
      },
    };
  }

  private flow(): Promise<Flow> {
    const { endpoint, transport, host, port } = this.options;
    return endpoint.flowTo(transport, host, port);
  }

  private nonces(): string[] {
    return [...this.challenges].map(([name, { challenge }]) => `${name} ${challenge.nonce}`);
  }

  /** Answers 401 and 407 (RFC 3261 §22.2, §22.3); each attempt has the next number. */
  private async request(request: SipRequest, isWithinCall = false): Promise<SipResponse> {
    const { endpoint, route } = this.options;
    const flow = await this.flow();
    const routed = route === undefined || isWithinCall ? request : withHeader(request, 'route', route);
    const first = cseqOf(request)?.number ?? 1;
    const refused = new Set<string>();
    for (let attempt = 0; ; attempt++) {
      const numbered = withHeader(routed, 'cseq', `${first + attempt} ${request.method}`);
      const sent = this.nonces();
      const response = await endpoint.request(this.authorized(numbered), flow);
      if (response.status !== 401 && response.status !== 407) return response;
      for (const nonce of sent) refused.add(nonce);
      if (attempt + 1 >= MOST_ATTEMPTS || !this.accepts(response, refused)) return response;
    }
  }

  /** @param refused what this request was sent with @returns false: the same answer would be refused again */
  private accepts(response: SipResponse, refused: ReadonlySet<string>): boolean {
    const isProxy = response.status === 407;
    const challenge = response.headers
      .filter(([name]) => name === (isProxy ? 'proxy-authenticate' : 'www-authenticate'))
      .map(([, value]) => parseChallenge(value))
      .find((offered) => offered !== undefined);
    const name = isProxy ? 'proxy-authorization' : 'authorization';
    if (!challenge || this.options.password === undefined) return false;
    if (refused.has(`${name} ${challenge.nonce}`)) return false;
    this.challenges.set(name, { challenge, uses: 0 });
    return true;
  }

  private authorized(request: SipRequest): SipRequest {
    const { user, password } = this.options;
    if (user === undefined || password === undefined) return request;
    const { method, uri } = request;
    const credentials = [...this.challenges].map(([name, known]): Header => {
      const counted = { nc: ++known.uses, cnonce: randomBytes(8).toString('hex') };
      return [name, printCredentials(known.challenge, { user, password, method, uri }, counted)];
    });
    return { ...request, headers: [...request.headers, ...credentials] };
  }
}

/** @throws HubError 92 */
export function mustHaveTrunk(trunk: Trunk | undefined): Trunk {
  if (!trunk) throw new HubError('92', 'there is no SIP trunk to other domains and numbers');
  return trunk;
}
