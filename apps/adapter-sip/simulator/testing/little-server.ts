/** A SIP server for tests of the softphones: a registrar that hands every MESSAGE on, and keeps presence. Its transactions are those of the phones. */
import { createHash, randomBytes } from 'node:crypto';
import { SipFaults } from '../faults.js';
import type { Flow } from '../flow.js';
import { Flows } from '../flows.js';
import { addressIn, userIn } from '../header-values.js';
import { headerOf, neededHeader, type Header, type SipRequest } from '../sip-message.js';
import { Transactions, type Answer } from '../transactions.js';

export interface LittleServerOptions {
  password: string;
  algorithm?: 'MD5' | 'SHA-256';
  /** Uses of a nonce until it is stale. */
  nonceUses?: number;
  port?: number;
}

interface Watcher {
  subscribe: SipRequest;
  flow: Flow;
  tag: string;
  cseq: number;
}

const OK: Answer = { status: 200, reason: 'OK' };

export class LittleServer {
  /** Requests that were let in, in their order. */
  readonly requests: SipRequest[] = [];
  private readonly contacts = new Map<string, { uri: string; flow: Flow }>();
  private readonly presence = new Map<string, { etag: string; document: Buffer }>();
  private readonly watchers = new Map<string, Watcher[]>();
  private nonce = randomBytes(8).toString('hex');
  private used = new Set<string>();
  private flows!: Flows;
  private readonly transactions: Transactions;

  private constructor(private readonly options: LittleServerOptions) {
    this.transactions = new Transactions(
      { t1: 100, t2: 400 },
      (request, flow) => this.serve(request, flow),
      () => `127.0.0.1:${this.flows.port}`,
    );
  }

  static async open(options: LittleServerOptions): Promise<LittleServer> {
    const server = new LittleServer(options);
    server.flows = await Flows.open({
      port: options.port ?? 0,
      received: server.transactions.received,
      faults: new SipFaults(),
    });
    return server;
  }

  get port(): number {
    return this.flows.port;
  }

  get address(): string {
    return `sip:127.0.0.1:${this.port}`;
  }

  /** As if it had been started again. */
  forget(): void {
    this.contacts.clear();
    this.presence.clear();
    this.watchers.clear();
    this.nonce = randomBytes(8).toString('hex');
  }

  async close(): Promise<void> {
    this.transactions.close();
    await this.flows.close();
  }

  private serve(request: SipRequest, flow: Flow): Answer | undefined {
    const refusal = this.refusal(request);
    if (refusal) return refusal;
    this.requests.push(request);
    switch (request.method) {
      case 'REGISTER':
        return this.register(request, flow);
      case 'MESSAGE':
        return this.handOn(request);
      case 'PUBLISH':
        return this.publish(request);
      case 'SUBSCRIBE':
        return this.subscribe(request, flow);
      default:
        return OK;
    }
  }

  private refusal(request: SipRequest): Answer | undefined {
    if (request.method === 'OPTIONS') return undefined;
    const { algorithm = 'MD5', nonceUses = 1000 } = this.options;
    const value = headerOf(request, 'authorization') ?? '';
    const field = (name: string) => new RegExp(`[ ,]${name}="?([^",]*)`).exec(value)?.[1] ?? '';
    const isStale = value !== '' && (field('nonce') !== this.nonce || this.used.size >= nonceUses);
    if (value !== '' && !isStale && !this.used.has(field('nc'))) {
      const hash = (...words: string[]) =>
        createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
          .update(words.join(':'))
          .digest('hex');
      const secret = hash(field('username'), 'little', this.options.password);
      const asked = hash(request.method, field('uri'));
      const right = hash(secret, this.nonce, field('nc'), field('cnonce'), 'auth', asked);
      if (field('response') === right) return void this.used.add(`${field('username')} ${field('nc')}`);
    }
    if (isStale && this.used.size >= nonceUses) {
      this.nonce = randomBytes(8).toString('hex');
      this.used = new Set();
    }
    const challenge = `Digest realm="little", nonce="${this.nonce}", algorithm=${algorithm}, qop="auth"${isStale ? ', stale=true' : ''}`;
    return { status: 401, reason: 'Unauthorized', headers: [['WWW-Authenticate', challenge]] };
  }

  private register(request: SipRequest, flow: Flow): Answer {
    const user = userOf(request, 'to');
    const contact = neededHeader(request, 'contact');
    const expires = headerOf(request, 'expires') ?? '60';
    if (expires === '0') this.contacts.delete(user);
    else this.contacts.set(user, { uri: addressIn(contact).uri, flow });
    return { ...OK, headers: expires === '0' ? [] : [['Contact', `${contact};expires=${expires}`]] };
  }

  private handOn(request: SipRequest): Answer {
    const contact = this.contacts.get(userIn(request.uri) ?? '');
    if (!contact) return { status: 480, reason: 'Temporarily Unavailable' };
    const headers = request.headers.filter(([name]) => !/^(via|authorization|content-length)$/i.test(name));
    this.transactions.request({ ...request, uri: contact.uri, headers }, contact.flow).catch(() => undefined);
    return { status: 202, reason: 'Accepted' };
  }

  private publish(request: SipRequest): Answer {
    const user = userIn(request.uri) ?? '';
    const condition = headerOf(request, 'sip-if-match');
    const known = this.presence.get(user);
    if (condition !== undefined && condition !== known?.etag)
      return { status: 412, reason: 'Conditional Request Failed' };
    const etag = randomBytes(4).toString('hex');
    this.presence.set(user, {
      etag,
      document: request.body.length ? request.body : (known?.document ?? request.body),
    });
    if (request.body.length) for (const watcher of this.watchers.get(user) ?? []) this.notify(user, watcher);
    return {
      ...OK,
      headers: [
        ['SIP-ETag', etag],
        ['Expires', '60'],
      ],
    };
  }

  private subscribe(request: SipRequest, flow: Flow): Answer {
    const user = userIn(request.uri) ?? '';
    const { tag } = addressIn(neededHeader(request, 'to')).parameters;
    const all = this.watchers.get(user) ?? [];
    const known = all.find((one) => one.tag === tag);
    if (tag !== undefined && !known) return { status: 481, reason: 'Subscription Does Not Exist' };
    const watcher = known ?? { subscribe: request, flow, tag: randomBytes(4).toString('hex'), cseq: 0 };
    if (!known) this.watchers.set(user, [...all, watcher]);
    this.notify(user, watcher);
    const headers: Header[] = [
      ['Contact', `<sip:127.0.0.1:${this.port}>`],
      ['Expires', '60'],
    ];
    return { ...OK, headers, toTag: watcher.tag };
  }

  private notify(user: string, watcher: Watcher): void {
    const { subscribe, flow } = watcher;
    const document = this.presence.get(user)?.document ?? Buffer.alloc(0);
    const headers: Header[] = [
      ['From', `${neededHeader(subscribe, 'to').replace(/;tag=.*/, '')};tag=${watcher.tag}`],
      ['To', neededHeader(subscribe, 'from')],
      ['Call-ID', neededHeader(subscribe, 'call-id')],
      ['CSeq', `${++watcher.cseq} NOTIFY`],
      ['Event', 'presence'],
      ['Subscription-State', 'active;expires=60'],
      ...(document.length ? [['Content-Type', 'application/pidf+xml'] as const] : []),
    ];
    const uri = addressIn(neededHeader(subscribe, 'contact')).uri;
    this.transactions
      .request({ method: 'NOTIFY', uri, headers, body: document }, flow)
      .catch(() => undefined);
  }
}

function userOf(request: SipRequest, header: string): string {
  return userIn(addressIn(neededHeader(request, header)).uri) ?? '';
}
