/** One SIP element: its transports, and the transactions on them. Whoever uses it sees requests and answers only, and of calls their dialogs. */
import { randomBytes } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { systemClock, type Clock } from '#adapter-session';
import { HubError, toHubError } from '#protocol';
import { allDone, runInBackground, type Log } from '#service';
import { ClientTransactions } from './client-transactions.js';
import { InviteClients, type Invitation, type InviteListener } from './invite-clients.js';
import type { Flow, TransportName } from './flow.js';
import { reasonOf } from './reasons.js';
import { ServerTransactions } from './server-transactions.js';
import {
  headerList,
  responseTo,
  withHeader,
  type Header,
  type SipRequest,
  type SipResponse,
} from './sip-message.js';
import { parseMessage, type Fault } from './sip-parser.js';
import { BRANCH_COOKIE, parseVia, receivedFrom } from './sip-via.js';
import { printMessage } from './sip-writer.js';
import { dialStream, StreamTransport, type StreamEvents } from './stream-transport.js';
import { UdpTransport } from './udp-transport.js';
import { WebSocketTransport } from './web-socket-transport.js';

const MOST_TRANSACTIONS = 20_000;
const RETRY_AFTER: Header = ['retry-after', '5'];
const USUAL_PORT = 5060;

/** An INVITE that came: answered once or several times, at last with a final response. */
export interface ReceivedInvite {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly respond: (response: SipResponse) => void;
  /** @param work is called when its sender gives it up before the final response, which is to be given then: 487 */
  onCancel(work: () => void): void;
}

export interface EndpointOptions {
  log: Log;
  /** The address to listen on. */
  host: string;
  /** How others reach us: stands in Via and Contact. */
  publicHost: string;
  /** Of UDP and TCP. 0: any. */
  port: number;
  tls?: { port: number; key: string; cert: string } | undefined;
  webSocketPort?: number | undefined;
  clock?: Clock;
  /** The answer to a request: a final response. An error becomes 500. */
  handle(request: SipRequest, flow: Flow): Promise<SipResponse>;
  /** An INVITE; an error becomes 500. Absent: there are no calls, and it goes to `handle`. */
  invited?(invite: ReceivedInvite): Promise<void>;
  /** The ACK of an acceptance. */
  confirmed?(request: SipRequest): void;
  flowClosed(flow: Flow): void;
}

export class SipEndpoint {
  private readonly servers: ServerTransactions;
  private readonly clients: ClientTransactions;
  private readonly invites: InviteClients;
  /** By where they lead; an entry is removed when its connection ends. */
  private readonly dialled = new Map<string, Promise<Flow>>();
  private readonly placeOf = new WeakMap<Flow, string>();
  private readonly events: StreamEvents;
  private udp!: UdpTransport;
  private tcp!: StreamTransport;
  private tls: StreamTransport | undefined;
  private webSocket: WebSocketTransport | undefined;

  private constructor(private readonly options: EndpointOptions) {
    const { clock = systemClock, log } = options;
    const send = (flow: Flow, bytes: Buffer) => {
      if (flow.open) runInBackground('SIP message', log, () => flow.send(bytes));
    };
    this.servers = new ServerTransactions(clock, send, MOST_TRANSACTIONS);
    this.clients = new ClientTransactions(clock, send, MOST_TRANSACTIONS);
    this.invites = new InviteClients({
      clock,
      send,
      most: MOST_TRANSACTIONS,
      // What became of the call is said by the response to its INVITE.
      cancel: (request, flow) =>
        runInBackground('CANCEL of a call', log, () => this.clients.request(request, flow)),
    });
    this.events = {
      log,
      received: (bytes, flow) => this.receive(bytes, flow),
      closed: (flow) => this.closed(flow),
    };
  }

  static async open(options: EndpointOptions): Promise<SipEndpoint> {
    const endpoint = new SipEndpoint(options);
    await endpoint.listen();
    return endpoint;
  }

  get port(): number {
    return this.udp.port;
  }

  get webSocketPort(): number | undefined {
    return this.webSocket?.port;
  }

  get tlsPort(): number | undefined {
    return this.tls?.port;
  }

  /** Sends a request and waits for its final response. @throws HubError 91 not sent, 103 no answer */
  request(request: SipRequest, flow: Flow): Promise<SipResponse> {
    return this.clients.request(this.withVia(request, flow), flow);
  }

  /** Sends an INVITE; its responses go to the listener. @throws HubError 91 */
  invite(request: SipRequest, flow: Flow, listener: InviteListener): Invitation {
    return this.invites.invite(this.withVia(request, flow), flow, listener);
  }

  /** Sends the ACK of an acceptance, which nobody answers. @throws HubError 91 */
  acknowledge(request: SipRequest, flow: Flow): Promise<void> {
    return flow.send(printMessage(this.withVia(request, flow)));
  }

  /** @throws HubError 91 */
  async flowTo(transport: TransportName, host: string, port: number): Promise<Flow> {
    if (transport === 'UDP') return this.udp.flow((await resolved(host)).address, port);
    if (transport !== 'TCP' && transport !== 'TLS')
      throw new HubError('91', 'a WebSocket is opened by the phone, never by us');
    const key = `${transport} ${host}:${port}`;
    const known = this.dialled.get(key);
    const flow = await known;
    if (flow?.open) return flow;
    const dialling = dialStream(transport, { host, port }, this.events);
    this.dialled.set(key, dialling);
    try {
      const opened = await dialling;
      this.placeOf.set(opened, key);
      return opened;
    } catch (error) {
      this.dialled.delete(key);
      throw error;
    }
  }

  udpFlow(address: string, port: number): Flow {
    return this.udp.flow(address, port);
  }

  async close(): Promise<void> {
    this.servers.stop();
    this.invites.stop();
    this.clients.stop();
    await allDone(
      [this.udp, this.tcp, this.tls, this.webSocket].map(async (transport) => transport?.close()),
    );
  }

  private async listen(): Promise<void> {
    const { host, port, tls, webSocketPort, log } = this.options;
    this.tcp = await StreamTransport.listen({ host, port }, this.events);
    this.udp = await UdpTransport.open(host, this.tcp.port, log, this.events.received);
    if (tls) this.tls = await StreamTransport.listen({ host, port: tls.port, tls }, this.events);
    if (webSocketPort !== undefined)
      this.webSocket = await WebSocketTransport.listen(host, webSocketPort, this.events);
  }

  private async receive(bytes: Buffer, flow: Flow): Promise<void> {
    const parsed = parseMessage(bytes);
    if (!parsed) {
      this.options.log.debug({ flow: flow.id, bytes: bytes.length }, 'no SIP message');
      return;
    }
    const { message, fault } = parsed;
    if (message.kind === 'response') {
      if (!fault && !this.invites.take(message)) this.clients.take(message);
      return;
    }
    const [top = '', ...vias] = headerList(message, 'via');
    const request = withHeader(message, 'via', receivedFrom(top, flow.remote), ...vias);
    const back = this.backTo(top, flow);
    if (fault) this.refuse(request, back, fault);
    else await this.serve(request, flow, back);
  }

  private async serve(request: SipRequest, flow: Flow, back: Flow): Promise<void> {
    switch (this.servers.enter(request, back)) {
      case 'again':
      case 'acknowledged':
        return;
      case 'confirmation':
        this.options.confirmed?.(request);
        return;
      case 'too-many':
        this.refuse(request, back, { status: 503, reason: reasonOf(503) }, [RETRY_AFTER]);
        return;
      case 'new':
        if (request.method === 'CANCEL') this.cancel(request);
        else if (request.method === 'INVITE' && this.options.invited) await this.invited(request, flow);
        else this.servers.respond(request, await this.answerTo(request, flow));
    }
  }

  /** Its own answer comes before that of its INVITE. */
  private cancel(request: SipRequest): void {
    this.servers.respond(request, answer(request, this.servers.cancels(request) ? 200 : 481));
    this.servers.cancel(request);
  }

  private async answerTo(request: SipRequest, flow: Flow): Promise<SipResponse> {
    try {
      return await this.options.handle(request, flow);
    } catch (error) {
      return this.failure(request, error);
    }
  }

  private async invited(request: SipRequest, flow: Flow): Promise<void> {
    const respond = (response: SipResponse) => this.servers.respond(request, response);
    const onCancel = (work: () => void) => this.servers.onCancel(request, work);
    try {
      await this.options.invited?.({ request, flow, respond, onCancel });
    } catch (error) {
      respond(this.failure(request, error));
    }
  }

  private failure(request: SipRequest, error: unknown): SipResponse {
    const { code, detail } = toHubError(error);
    this.options.log.warn({ method: request.method, code, reason: detail }, 'SIP request failed');
    return answer(request, 500);
  }

  private withVia(request: SipRequest, { transport }: Flow): SipRequest {
    const branch = `${BRANCH_COOKIE}${randomBytes(12).toString('hex')}`;
    const port = transport === 'TLS' ? (this.tlsPort ?? this.port) : this.port;
    const via = `SIP/2.0/${transport} ${this.options.publicHost}:${port};branch=${branch};rport`;
    return withHeader(request, 'via', via);
  }

  /** Answers without remembering: what cannot be understood, or is too much. */
  private refuse(request: SipRequest, back: Flow, { status, reason }: Fault, headers: Header[] = []): void {
    if (request.method === 'ACK' || headerList(request, 'via').length === 0 || !back.open) return;
    const response = responseTo(request, status, reason, headers, newTag());
    runInBackground('SIP refusal', this.options.log, () => back.send(printMessage(response)));
  }

  /** §18.2.2: to where a datagram came from, at the port that its sender names unless it asks for the real one. */
  private backTo(via: string, flow: Flow): Flow {
    if (flow.transport !== 'UDP') return flow;
    const parsed = parseVia(via);
    if (!parsed || parsed.params.has('rport')) return flow;
    return this.udp.flow(flow.remote.address, parsed.port ?? USUAL_PORT);
  }

  private closed(flow: Flow): void {
    const place = this.placeOf.get(flow);
    if (place !== undefined) this.dialled.delete(place);
    this.clients.flowClosed(flow);
    this.invites.flowClosed(flow);
    this.options.flowClosed(flow);
  }
}

async function resolved(host: string): Promise<{ address: string }> {
  try {
    return await lookup(host.replace(/^\[|\]$/g, ''));
  } catch (cause) {
    throw new HubError('91', `${host} has no address`, { cause });
  }
}

export function newTag(): string {
  return randomBytes(8).toString('hex');
}

export function answer(request: SipRequest, status: number, headers: readonly Header[] = []): SipResponse {
  return responseTo(request, status, reasonOf(status), headers, newTag());
}
