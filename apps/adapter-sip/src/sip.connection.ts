/**
 * The wire of Youxin: listens, finds out who a request is from, and hands it to whoever carries it out. A phone proves itself
 * by digest: at every request over UDP, whose sender addresses can be forged, and of what a proxy hands on, whose connection is
 * that of many; once for each connection elsewhere.
 */
import { hash } from 'node:crypto';
import { systemClock } from '#adapter-session';
import { WrongProofs, type Log } from '#service';
import type { Calls } from './calls/calls.js';
import { ACCEPTED } from './sip.errors.js';
import { algorithmsOf, readTls, type SipAccount, type SipSettings } from './sip.config.js';
import { Authenticator } from './stack/authenticator.js';
import type { Flow } from './stack/flow.js';
import { answer, SipEndpoint, type ReceivedInvite } from './stack/sip-endpoint.js';
import { reasonOf } from './stack/reasons.js';
import { serverKey } from './stack/server-transactions.js';
import {
  header,
  headerList,
  responseTo,
  type Header,
  type SipRequest,
  type SipResponse,
} from './stack/sip-message.js';
import { parseNameAddr, parseUri, tagOf } from './stack/sip-uri.js';
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
  calls: () => Calls;
}

const METHODS =
  'REGISTER, INVITE, ACK, CANCEL, BYE, UPDATE, INFO, MESSAGE, PUBLISH, SUBSCRIBE, NOTIFY, OPTIONS';
const ALLOW: Header = ['allow', METHODS];

export class SipConnection {
  endpoint!: SipEndpoint;
  private readonly authenticator: Authenticator;
  /** Who has proven themselves on a connection. */
  private readonly proven = new WeakMap<Flow, string>();

  private constructor(private readonly options: ConnectionOptions) {
    const { settings, accounts, log } = options;
    this.authenticator = new Authenticator({
      realm: settings.SIP_DOMAIN,
      algorithms: algorithmsOf(settings),
      clock: systemClock,
      passwordOf: (user) => accounts.get(user)?.password,
      proofs: new WrongProofs({ place: 'sip', log }),
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
      invited: (invite) => connection.invited(invite),
      confirmed: (request) => options.calls().dialogs.of(request)?.confirmed(request),
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

  /** Contact of this server for a phone that is reached over this flow: its requests of a call come the same way. */
  contactFor({ transport }: Flow): string {
    const { SIP_PUBLIC_HOST, SIP_DOMAIN } = this.options.settings;
    const port = transport === 'TLS' ? (this.endpoint.tlsPort ?? this.endpoint.port) : this.endpoint.port;
    const over = transport === 'UDP' ? '' : `;transport=${transport.toLowerCase()}`;
    return `<sip:${SIP_PUBLIC_HOST || SIP_DOMAIN}:${port}${over}>`;
  }

  async handle(request: SipRequest, flow: Flow): Promise<SipResponse> {
    const { handlers, calls } = this.options;
    const refusal = refusalOf(request);
    if (refusal) return refusal;
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
      case 'BYE':
      case 'UPDATE':
      case 'INFO':
        // Nobody else knows the tags of a dialog.
        return calls().dialogs.of(request)?.take(request) ?? answer(request, 481);
      default:
        return answer(request, 405, [ALLOW]);
    }
  }

  private async invited(invite: ReceivedInvite): Promise<void> {
    const { request, flow, respond } = invite;
    const { calls, handlers } = this.options;
    const refusal = refusalOf(request);
    if (refusal) return respond(refusal);
    if (tagOf(header(request, 'to')) !== undefined) {
      const dialog = calls().dialogs.of(request);
      if (dialog) dialog.invited(invite);
      else respond(answer(request, 481));
      return;
    }
    const isTrunk = handlers.isTrunk(flow);
    const refused = await this.fromCaller(request, flow, async (caller) => {
      await calls().invited(caller, invite, isTrunk && this.options.uris.isAbroad(caller.native));
      return undefined;
    });
    if (refused) respond(refused);
  }

  private async register(request: SipRequest, flow: Flow): Promise<SipResponse> {
    const { address } = flow.remote;
    const proof = await this.authenticator.verify(request, 'authorization', address);
    if (!proof.proven)
      return (
        slowedDown(request, proof.waitMs) ??
        challenge(request, 401, this.authenticator.challenges('www-authenticate', proof.stale, address))
      );
    if (this.nativeIn(request, 'to') !== proof.user) return answer(request, 403);
    if (isOfOne(request, flow)) this.proven.set(flow, proof.user);
    return this.options.handlers.register(proof.user, request, flow);
  }

  private async fromCaller<Answer extends SipResponse | undefined>(
    request: SipRequest,
    flow: Flow,
    carryOut: (caller: Caller) => Promise<Answer>,
  ): Promise<Answer | SipResponse> {
    const native = this.nativeIn(request, 'from');
    if (native === undefined) return answer(request, 403);
    const { accounts, handlers, uris } = this.options;
    const displayName = parseNameAddr(header(request, 'from') ?? '')?.display;
    if (handlers.isTrunk(flow) && uris.isAbroad(native)) {
      // A trunk says there who it knows the caller to be; what the caller says of themselves is in From.
      const asserted = this.nativeIn(request, 'p-asserted-identity');
      return carryOut({
        native: asserted !== undefined && uris.isAbroad(asserted) ? asserted : native,
        displayName,
      });
    }
    if (!isOfOne(request, flow) || this.proven.get(flow) !== native) {
      const { address } = flow.remote;
      const proof = await this.authenticator.verify(request, 'proxy-authorization', address);
      if (!proof.proven)
        return (
          slowedDown(request, proof.waitMs) ??
          challenge(request, 407, this.authenticator.challenges('proxy-authenticate', proof.stale, address))
        );
      if (proof.user !== native) return answer(request, 403);
      if (isOfOne(request, flow)) this.proven.set(flow, native);
    }
    return carryOut({ native, displayName: displayName ?? accounts.get(native)?.displayName });
  }

  /** @returns undefined: no person */
  private nativeIn(request: SipRequest, name: 'from' | 'to' | 'p-asserted-identity'): string | undefined {
    const uri = parseUri(parseNameAddr(header(request, name) ?? '')?.uri ?? '');
    return uri?.user === undefined ? undefined : this.options.uris.nativeOf(uri);
  }
}

/** It comes over a connection of the phone itself: no proxy has added a Via. */
function isOfOne(request: SipRequest, { reliable }: Flow): boolean {
  return reliable && headerList(request, 'via').length === 1;
}

/** With the same tag when the request comes again, of which nothing is remembered (§8.2.7). */
function challenge(request: SipRequest, status: 401 | 407, headers: readonly Header[]): SipResponse {
  const tag = hash('sha256', serverKey(request), 'hex').slice(0, 16);
  return responseTo(request, status, reasonOf(status), headers, tag);
}

/** @returns undefined: not at all */
function slowedDown(request: SipRequest, waitMs: number): SipResponse | undefined {
  if (waitMs === 0) return undefined;
  return answer(request, 503, [['retry-after', String(Math.ceil(waitMs / 1000))]]);
}

/** Of a request that went too far, or needs what we do not have. @returns undefined: it can be carried out */
function refusalOf(request: SipRequest): SipResponse | undefined {
  if (Number(header(request, 'max-forwards') ?? 70) === 0 && request.method !== 'OPTIONS')
    return answer(request, 483);
  const required = headerList(request, 'require');
  if (required.length === 0) return undefined;
  return answer(
    request,
    420,
    required.map((extension): Header => ['unsupported', extension]),
  );
}
