/**
 * The wire of Youxin: listens, finds out who a request is from, and hands it to whoever carries it out. A phone proves itself
 * by digest: at every request over UDP, whose sender addresses can be forged, and once for each connection elsewhere.
 */
import { systemClock } from '#adapter-session';
import type { Log } from '#service';
import { ACCEPTED } from './sip.errors.js';
import { algorithmsOf, readTls, type SipAccount, type SipSettings } from './sip.config.js';
import { Authenticator } from './stack/authenticator.js';
import type { Flow } from './stack/flow.js';
import { answer, SipEndpoint } from './stack/sip-endpoint.js';
import { header, headerList, type Header, type SipRequest, type SipResponse } from './stack/sip-message.js';
import { parseNameAddr, parseUri } from './stack/sip-uri.js';
import type { Uris } from './uris.js';

export interface Caller {
  native: string;
  displayName: string | undefined;
}

export interface Handlers {
  register(user: string, request: SipRequest, flow: Flow): Promise<SipResponse>;
  message(caller: Caller, request: SipRequest): Promise<SipResponse>;
  publish(caller: Caller, request: SipRequest): Promise<SipResponse>;
  subscribe(caller: Caller, request: SipRequest, flow: Flow): Promise<SipResponse>;
  /** Whether a request comes from the trunk, which answers for its people. */
  isTrunk(flow: Flow): boolean;
}

export interface ConnectionOptions {
  settings: SipSettings;
  accounts: ReadonlyMap<string, SipAccount>;
  uris: Uris;
  log: Log;
  handlers: Handlers;
}

const METHODS = 'REGISTER, MESSAGE, PUBLISH, SUBSCRIBE, NOTIFY, OPTIONS, CANCEL, ACK';
const ALLOW: Header = ['allow', METHODS];
const NO_CALLS: Header = ['warning', '399 hutong "Calls are not connected; write a message"'];

export class SipConnection {
  endpoint!: SipEndpoint;
  private readonly authenticator: Authenticator;
  /** Who has proven themselves on a connection. */
  private readonly proven = new WeakMap<Flow, string>();

  private constructor(private readonly options: ConnectionOptions) {
    const { settings, accounts } = options;
    this.authenticator = new Authenticator({
      realm: settings.SIP_DOMAIN,
      algorithms: algorithmsOf(settings),
      clock: systemClock,
      passwordOf: (user) => accounts.get(user)?.password,
    });
  }

  /** @throws when a port is taken */
  static async open(options: ConnectionOptions): Promise<SipConnection> {
    const { settings, log } = options;
    const connection = new SipConnection(options);
    connection.endpoint = await SipEndpoint.open({
      log,
      host: settings.SIP_HOST,
      publicHost: settings.SIP_PUBLIC_HOST || settings.SIP_DOMAIN,
      port: settings.SIP_PORT,
      tls: readTls(settings),
      webSocketPort: settings.SIP_WS_PORT,
      handle: (request, flow) => connection.handle(request, flow),
      flowClosed: (flow) => {
        connection.proven.delete(flow);
      },
    });
    return connection;
  }

  /** Contact of this server. */
  get contact(): string {
    const { SIP_PUBLIC_HOST, SIP_DOMAIN } = this.options.settings;
    return `<sip:${SIP_PUBLIC_HOST || SIP_DOMAIN}:${this.endpoint.port}>`;
  }

  async handle(request: SipRequest, flow: Flow): Promise<SipResponse> {
    const { handlers } = this.options;
    if (Number(header(request, 'max-forwards') ?? 70) === 0 && request.method !== 'OPTIONS')
      return answer(request, 483);
    const required = headerList(request, 'require');
    if (required.length > 0)
      return answer(
        request,
        420,
        required.map((extension): Header => ['unsupported', extension]),
      );
    switch (request.method) {
      case 'OPTIONS':
        return answer(request, 200, [ALLOW, ['accept', ACCEPTED]]);
      case 'REGISTER':
        return this.register(request, flow);
      case 'MESSAGE':
        return this.fromCaller(request, flow, (caller) => handlers.message(caller, request));
      case 'PUBLISH':
        return this.fromCaller(request, flow, (caller) => handlers.publish(caller, request));
      case 'SUBSCRIBE':
        return this.fromCaller(request, flow, (caller) => handlers.subscribe(caller, request, flow));
      case 'NOTIFY':
        return answer(request, 481);
      case 'INVITE':
        return answer(request, 488, [NO_CALLS]);
      default:
        return answer(request, 405, [ALLOW]);
    }
  }

  private async register(request: SipRequest, flow: Flow): Promise<SipResponse> {
    const proof = this.authenticator.verify(request, 'authorization');
    if (!proof.proven)
      return answer(request, 401, this.authenticator.challenges('www-authenticate', proof.stale));
    if (this.nativeIn(request, 'to') !== proof.user) return answer(request, 403);
    if (flow.reliable) this.proven.set(flow, proof.user);
    return this.options.handlers.register(proof.user, request, flow);
  }

  private async fromCaller(
    request: SipRequest,
    flow: Flow,
    carryOut: (caller: Caller) => Promise<SipResponse>,
  ): Promise<SipResponse> {
    const native = this.nativeIn(request, 'from');
    if (native === undefined) return answer(request, 403);
    const { accounts, handlers } = this.options;
    const displayName = parseNameAddr(header(request, 'from') ?? '')?.display;
    if (handlers.isTrunk(flow) && this.options.uris.isAbroad(native))
      return carryOut({ native, displayName });
    if (this.proven.get(flow) !== native) {
      const proof = this.authenticator.verify(request, 'proxy-authorization');
      if (!proof.proven)
        return answer(request, 407, this.authenticator.challenges('proxy-authenticate', proof.stale));
      if (proof.user !== native) return answer(request, 403);
      if (flow.reliable) this.proven.set(flow, native);
    }
    return carryOut({ native, displayName: displayName ?? accounts.get(native)?.displayName });
  }

  /** @returns undefined: no person */
  private nativeIn(request: SipRequest, name: 'from' | 'to'): string | undefined {
    const uri = parseUri(parseNameAddr(header(request, name) ?? '')?.uri ?? '');
    return uri?.user === undefined ? undefined : this.options.uris.nativeOf(uri);
  }
}
