/** OneBot over a WebSocket for actions and events, which either side opens. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { AttachTools } from '#adapter-kit';
import {
  dialWebSocket,
  jsonMessage,
  jsonMessages,
  Session,
  USUAL_LIMITS,
  webSocketStream,
  type JsonMessage,
  type SessionProtocol,
} from '#adapter-session';
import { admitUpgrade, claimOf, PlatformHttp, slowedDown, type SignedCallback } from '#adapter-webhook';
import { HubError } from '#protocol';
import { guarded, runInBackground, secretsEqual, type Log } from '#service';
import type { QqSettings } from '../qq.config.js';
import { dataIn, type Data, type OneBotWire } from './onebot.wire.js';

const TASK = 'WebSocket of OneBot';
export const SOCKET_PATH = '/onebot';
const MAX_EVENT = 1024 * 1024;
/** Attachments go out as base64 within a message. */
const LIMITS = { ...USUAL_LIMITS, responseMs: 30_000, unsentBytes: 128 * 1024 * 1024 };
const KEEP_ALIVE_MS = 30_000;
/** Of OneBot's own reconnect, for the direction in which we open the WebSocket. */
const RECONNECT_MS = 3000;

interface Fields {
  action?: unknown;
  echo?: unknown;
  retcode?: unknown;
}
const fieldsOf = ({ json }: JsonMessage): Fields => (typeof json === 'object' && json !== null ? json : {});

const PROTOCOL: SessionProtocol<JsonMessage> = {
  peer: 'OneBot',
  codec: jsonMessages(MAX_EVENT, { depth: 16, values: 20_000 }),
  kindOf: (message) => ('retcode' in fieldsOf(message) ? 'response' : 'request'),
  correlationId: (message) => String(fieldsOf(message).echo),
  nameOf(message) {
    const { action } = fieldsOf(message);
    return typeof action === 'string' ? action : 'event';
  },
};

const request = (action: string, params: object) => (n: number) =>
  jsonMessage({ action, params, echo: String(n) });

export class OneBotSocket implements OneBotWire {
  readonly http = new PlatformHttp('the OneBot program', 'session');
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_EVENT,
    // OneBot 12: "12.<implementation>".
    handleProtocols: (offered) => [...offered].find((protocol) => protocol.startsWith('12.')) ?? false,
  });
  private session: Session<JsonMessage> | undefined;
  /** The WebSocket that the program opened, until the session takes it; or the session that waits for one. */
  private opened: Duplex | undefined;
  private awaiting: { resolve: (socket: Duplex) => void; reject: (error: Error) => void } | undefined;

  /** @param who action that says who is logged in */
  constructor(
    private readonly settings: QqSettings,
    private readonly who: string,
    private readonly log: Log,
  ) {}

  private get reverse(): boolean {
    return this.settings.QQ_TRANSPORT === 'reverse-ws';
  }

  start(take: (input: SignedCallback) => Promise<void>): void {
    const session = new Session<JsonMessage>({
      protocol: PROTOCOL,
      limits: LIMITS,
      log: this.log,
      logFields: {},
      endpoint: () => ({ host: '', port: 0 }),
      dial: () => (this.reverse ? this.nextOpened() : this.dial()),
      logIn: async (connection) => {
        const answer = await connection.request(request(this.who, {}), { outsideWindow: true });
        dataIn(this.who, answer.json);
      },
      onRequest: ({ frame }) => take(frame),
      keepAlive: { everyMs: KEEP_ALIVE_MS, onlyWhenIdle: true, make: request('get_status', {}) },
      reconnectDelayMs: () => (this.reverse ? 0 : RECONNECT_MS),
    });
    session.on('up', () => (this.http.reachable = true));
    session.on('down', () => (this.http.reachable = false));
    this.session = session;
    runInBackground(TASK, this.log, () => session.run());
  }

  async stop(): Promise<void> {
    await this.session?.stop();
    this.awaiting?.reject(new HubError('91', 'the adapter stops'));
    this.opened?.destroy();
    this.server.close();
  }

  async call(action: string, params: object): Promise<Data> {
    if (!this.session) throw new HubError('91', 'the adapter has not started');
    return dataIn(action, (await this.session.request(request(action, params))).json);
  }

  attach(server: Server, { refusals, proofs }: Pick<AttachTools, 'refusals' | 'proofs'>): void {
    if (!this.reverse) return;
    server.on(
      'upgrade',
      guarded(TASK, this.log, (request: IncomingMessage, socket: Duplex, head: Buffer) =>
        admitUpgrade(
          { request, socket, refusals, route: SOCKET_PATH },
          async (address) => {
            const token = tokenOf(request);
            await slowedDown(proofs, claimOf(address, token), () => this.mustBeRight(token));
            mustCarryBoth(request);
          },
          () => this.server.handleUpgrade(request, socket, head, (opened) => this.offer(opened)),
        ),
      ),
    );
  }

  /** @throws HubError 31 */
  private mustBeRight(token: string): void {
    if (!secretsEqual(token, this.settings.QQ_TOKEN ?? '')) throw new HubError('31', 'wrong access token');
  }

  /** The program opened a WebSocket; it takes the place of the one before. */
  private offer(socket: WebSocket): void {
    const stream = webSocketStream(socket);
    if (this.awaiting) {
      this.awaiting.resolve(stream);
      this.awaiting = undefined;
      return;
    }
    this.opened?.destroy();
    this.opened = stream;
    this.session?.hangUp('the program opened another WebSocket');
  }

  private nextOpened(): Promise<Duplex> {
    const { opened } = this;
    this.opened = undefined;
    if (opened && !opened.destroyed) return Promise.resolve(opened);
    return new Promise((resolve, reject) => (this.awaiting = { resolve, reject }));
  }

  private async dial(): Promise<Duplex> {
    const { QQ_URL: url, QQ_TOKEN: token } = this.settings;
    const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    return webSocketStream(await dialWebSocket(url, { headers, maxPayload: MAX_EVENT }));
  }
}

/** @throws HubError 14 */
function tokenOf({ url = '/', headers }: IncomingMessage): string {
  const { pathname, searchParams } = new URL(url, 'ws://localhost');
  if (pathname !== SOCKET_PATH) throw new HubError('14', 'no such WebSocket');
  // COMPAT(koishi-plugin-adapter-onebot, 6): writes "Token" in place of "Bearer".
  const [, bearer] = /^(?:Bearer|Token) (.*)$/.exec(headers.authorization ?? '') ?? [];
  return bearer ?? searchParams.get('access_token') ?? '';
}

/** @throws HubError 30 */
function mustCarryBoth({ headers }: IncomingMessage): void {
  const role = headers['x-client-role'] ?? 'Universal';
  if (role !== 'Universal')
    throw new HubError('30', 'let one WebSocket carry both (X-Client-Role: Universal)');
}
