/** Softphones of people who register at one server: that of Youxin, or whatever speaks SIP at the address. */
import { randomUUID } from 'node:crypto';
import { UsersApi, type SimulatedNetwork } from '#simulators';
import { userOf } from './addresses.js';
import type { Algorithm } from './digest.js';
import { SipFaults } from './faults.js';
import type { Flow, Peer, Transport } from './flow.js';
import { Flows } from './flows.js';
import { userIn } from './header-values.js';
import type { SipRequest } from './sip-message.js';
import { Softphone } from './softphone.js';
import { NoAnswer, Transactions, type Answer, type SipTimes } from './transactions.js';
import { UserAgent } from './user-agent.js';

export interface SipOptions extends Partial<SipTimes> {
  /** Of the people's addresses: `alice` is sip:alice@<domain>. */
  domain: string;
  /** Where the phones register, such as `sip:127.0.0.1:5060`; without it they wait for `connect`. */
  registrar?: string;
  /** They are telephones at an exchange, which register nowhere: their calls go to `registrar`. */
  haveLines?: boolean;
  /** Of everybody who has none in `passwords`. */
  password: string;
  passwords?: Readonly<Record<string, string>>;
  /** `udp`, if absent; longer messages go over TCP then. `ws` is for phones that are web pages. */
  transport?: Transport;
  /** Certificate (PEM) by which the server is known, for `tls`. */
  ca?: string;
  /** Which digests the phones know; a server's first one that is among them is used. */
  algorithms?: readonly Algorithm[];
  /** They ask for receipts, in CPIM; true, if absent. */
  receipts?: boolean;
  /** Of the phones, for UDP and TCP; a free port, if absent. */
  phonePort?: number;
  /** For the people's HTTP API; without it the simulator has none. */
  port?: number;
  /** Seconds for which phones register, publish and subscribe. */
  expires?: number;
  /** Time between two attempts to register, ms. */
  retryMs?: number;
  /** Time between two questions whether the server is there, ms. */
  keepAliveMs?: number;
  /** How long an act of a person waits until the phone is registered, ms. */
  patienceMs?: number;
}

/** Longer requests need a transport that adapts to the network (RFC 3261 §18.1.1, RFC 3428 §8). */
const MOST_DATAGRAM = 1300;

export class SipSimulator implements SimulatedNetwork {
  readonly name = 'youxin';
  readonly faults = new SipFaults();
  private readonly phones = new Map<string, Softphone>();
  private readonly connections = new Map<string, Flow>();
  private readonly transactions: Transactions;
  private readonly page = randomUUID();
  private server: Peer | undefined;
  private openFlows: Flows | undefined;
  private api: UsersApi | undefined;

  private constructor(private readonly options: SipOptions) {
    const { t1 = 500, t2 = 4000 } = options;
    this.transactions = new Transactions(
      { t1, t2 },
      (request, _flow, respond) => this.serve(request, respond),
      () => `${this.flows.host}:${this.flows.port}`,
    );
    if (options.registrar !== undefined) this.server = peerAt(options.registrar);
  }

  /** @throws Error if a port is taken */
  static async open(options: SipOptions): Promise<SipSimulator> {
    const simulator = new SipSimulator(options);
    const { received } = simulator.transactions;
    const { phonePort: port = 0, ca } = options;
    simulator.openFlows = await Flows.open({ port, received, faults: simulator.faults, ca });
    if (options.port !== undefined)
      simulator.api = await UsersApi.open(new Map([[simulator.name, simulator]]), options.port);
    return simulator;
  }

  /** The people's API. @throws Error if the simulator was opened without a port for it */
  get url(): string {
    if (!this.api) throw new Error("the people's API has no port");
    return this.api.url;
  }

  /** Of the phones, for UDP and TCP. */
  get phonePort(): number {
    return this.flows.port;
  }

  get domain(): string {
    return this.options.domain;
  }

  /** Finds the person, or makes one, whose phone registers at once. @throws Error for an invalid id */
  person(native: string): Softphone {
    const user = userOf(native, this.options.domain);
    const known = this.phones.get(user);
    if (known) return known;
    const phone = this.newPhone(user);
    this.phones.set(user, phone);
    if (this.server) phone.registration.start();
    return phone;
  }

  people(): Softphone[] {
    return [...this.phones.values()];
  }

  /** The server is at this address: all phones register there, also if they were registered before. */
  connect(registrar: string): void {
    this.server = peerAt(registrar);
    this.cut();
    for (const { registration } of this.phones.values()) {
      registration.renew();
      registration.start();
    }
  }

  /** Phones that are registered now. */
  get registered(): number {
    return this.people().filter(({ registration }) => registration.isRegistered).length;
  }

  /** Cuts all TCP connections. */
  cut(): void {
    this.flows.cut();
  }

  /** Resolves when all receipts are sent. */
  async idle(): Promise<void> {
    await Promise.all(this.people().map((phone) => phone.idle()));
  }

  async close(): Promise<void> {
    for (const phone of this.phones.values()) phone.end();
    this.transactions.close();
    await this.openFlows?.close();
    await this.api?.close();
  }

  private get flows(): Flows {
    if (!this.openFlows) throw new Error('the simulator is not open yet');
    return this.openFlows;
  }

  private serve(request: SipRequest, respond: (answer: Answer) => void): Answer | undefined {
    const phone = this.phones.get(userIn(request.uri) ?? '');
    return phone ? phone.serve(request, respond) : { status: 404, reason: 'Not Found' };
  }

  private newPhone(native: string): Softphone {
    const { options } = this;
    const { domain, password, passwords, algorithms = ['md5', 'sha-256'], receipts = true } = options;
    const { haveLines: hasLine = false } = options;
    const { expires = 60, retryMs = 500, keepAliveMs = 10_000, patienceMs = 20_000 } = options;
    const agent: UserAgent = new UserAgent(
      {
        login: { user: native, password: passwords?.[native] ?? password },
        from: `sip:${native}@${domain}`,
        display: () => phone.displayName,
        algorithms,
        flowFor: (bytes) => this.flowFor(native, bytes),
      },
      this.transactions,
    );
    const phone: Softphone = new Softphone(agent, {
      native,
      domain,
      contact: () => this.contactOf(native),
      expires,
      retryMs,
      keepAliveMs,
      patienceMs,
      receipts,
      hasLine,
      faults: this.faults,
    });
    return phone;
  }

  /** Nobody can connect to a web page: its host is only a name (RFC 7118 §5). */
  private contactOf(native: string): string {
    const { transport = 'udp' } = this.options;
    if (transport === 'ws') return `sip:${native}@${this.page}.invalid;transport=ws`;
    const over = transport === 'udp' ? '' : `;transport=${transport}`;
    return `sip:${native}@${this.flows.host}:${this.flows.port}${over}`;
  }

  /** @throws NoAnswer without a server */
  private flowFor(native: string, bytes: number): Flow {
    if (!this.server) throw new NoAnswer('no server is known');
    const { transport = 'udp' } = this.options;
    if (transport !== 'udp') return this.connectionOf(native, this.server, transport);
    if (bytes > MOST_DATAGRAM) return this.connectionOf(native, this.server, 'tcp');
    return this.flows.datagramsTo(this.server);
  }

  /** Each phone has a connection of its own, and registers again when it ends. */
  private connectionOf(native: string, server: Peer, transport: Exclude<Transport, 'udp'>): Flow {
    const known = this.connections.get(native);
    if (known?.isOpen) return known;
    const flow = this.flows.dial(server, transport);
    this.connections.set(native, flow);
    flow.onClose(() => {
      if (this.connections.get(native) !== flow) return;
      this.connections.delete(native);
      if (this.options.transport === transport) this.phones.get(native)?.registration.renew();
    });
    return flow;
  }
}

/** @throws Error for anything but `sip:host:port` */
function peerAt(address: string): Peer {
  const match = /^(?:sip:)?(?:\/\/)?([\w.-]+)(?::(\d+))?(?:;.*)?$/i.exec(address);
  if (!match?.[1]) throw new Error(`${address} is no address of a SIP server`);
  return { host: match[1], port: Number(match[2] ?? 5060) };
}
