/**
 * The ways into a OneBot implementation: HTTP calls, WebSockets that applications open, a WebSocket to an application, and
 * events posted to it. Actions and events are those of a version, which the caller passes.
 */
import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { ask, inBackground, type Faults, type HttpDoor, type Incoming, type Outgoing } from '#simulators';
import { ACCOUNT } from './ids.js';

export interface OneBotOptions {
  version: 11 | 12;
  /** Access token; absent: none is asked for. */
  token: string | undefined;
  /** Signs posted events of OneBot 11. */
  secret: string | undefined;
  /** Time between two attempts to reach the application, and two heartbeats, ms. */
  reconnectMs: number;
  heartbeatMs: number;
}

export interface ActionAnswer {
  status: 'ok' | 'failed' | 'async';
  retcode: number;
  data: unknown;
  message?: string;
}

type Json = Record<string, unknown>;
type Act = (action: string, params: Json) => ActionAnswer;

export class OneBotDoor {
  private readonly server = new WebSocketServer({ noServer: true });
  /** WebSockets that get events. */
  private readonly listeners = new Set<WebSocket>();
  private readonly sockets = new Set<WebSocket>();
  private readonly heart: NodeJS.Timeout;
  private readonly closing = new AbortController();
  private postTo: URL | undefined;
  private posting: Promise<void> = Promise.resolve();
  private reconnect: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: OneBotOptions,
    private readonly act: Act,
    /** Events that begin a connection, and the heartbeat. */
    private readonly meta: { connected(): Json[]; heartbeat(): Json },
    private readonly faults: Faults,
  ) {
    this.heart = setInterval(() => this.report(this.meta.heartbeat()), options.heartbeatMs);
    this.heart.unref();
  }

  open(door: HttpDoor): void {
    door.onUpgrade((request, socket, head) => {
      const refused = this.refusal(request);
      if (refused === undefined) {
        const { pathname } = new URL(request.url ?? '/', 'ws://localhost');
        this.server.handleUpgrade(request, socket, head, (opened) => this.use(opened, pathname));
      } else socket.end(`HTTP/1.1 ${refused} Refused\r\nConnection: close\r\n\r\n`);
    });
  }

  /** Tells of an event, on every connection. Nobody keeps it for an application that is away. */
  report(event: Json): void {
    const text = JSON.stringify(event);
    const times =
      event['post_type'] !== 'meta_event' && event['type'] !== 'meta' && this.faults.takeDuplicate() ? 2 : 1;
    for (let time = 0; time < times; time++) {
      for (const socket of this.listeners) socket.send(text);
      if (this.postTo) this.posting = this.posting.then(() => this.post(text));
    }
  }

  async idle(): Promise<void> {
    await this.posting;
  }

  /** Number of applications that listen. */
  get listening(): number {
    return this.listeners.size + (this.postTo ? 1 : 0);
  }

  /** Applications lose their connections; those that dial come back. */
  cut(): void {
    for (const socket of this.sockets) socket.terminate();
  }

  /** Opens a WebSocket to the application, now and whenever it is lost, or posts events to it. */
  connect(application: string): void {
    const url = new URL(application);
    if (url.protocol.startsWith('http')) this.postTo = url;
    else this.dial(url);
  }

  async close(): Promise<void> {
    this.closing.abort();
    clearInterval(this.heart);
    clearTimeout(this.reconnect);
    this.cut();
    await this.posting;
    this.server.close();
  }

  /** An action as an HTTP call. */
  http(call: Incoming): Outgoing {
    const given = tokenIn(call.header('authorization'), call.query.get('access_token'));
    if (this.options.token !== undefined && given === undefined) return empty(401);
    if (this.options.token !== undefined && given !== this.options.token)
      return empty(this.options.version === 11 ? 403 : 401);
    const json = call.header('content-type').startsWith('application/json');
    if (this.options.version === 12) {
      if (call.method !== 'POST') return empty(405);
      if (call.path !== '/') return empty(404);
      if (!json) return empty(415);
    } else if (call.method === 'POST' && !json) return empty(406);
    const body = call.method === 'GET' ? Object.fromEntries(call.query) : jsonIn(call.body.toString());
    if (!body) return empty(400);
    const { action, params } =
      this.options.version === 12
        ? { action: String(body['action']), params: objectIn(body['params']) }
        : { action: call.path.slice(1), params: body };
    const silence = this.takeSilence(action);
    if (silence === 'lost') return 'hang-up';
    const answer = this.act(action, params);
    if (silence === 'taken') return 'hang-up';
    if (this.options.version === 11 && answer.retcode === 1404) return empty(404);
    return { status: 200, type: 'application/json', body: JSON.stringify(answer) };
  }

  private refusal({ url = '/', headers }: IncomingMessage): number | undefined {
    const { pathname, searchParams } = new URL(url, 'ws://localhost');
    const paths = this.options.version === 11 ? ['/', '/api', '/event'] : ['/'];
    if (!paths.includes(pathname)) return 404;
    const { token } = this.options;
    if (token === undefined) return undefined;
    const given = tokenIn(headers.authorization, searchParams.get('access_token'));
    return given === undefined ? 401 : given === token ? undefined : 403;
  }

  private dial(url: URL): void {
    const { token, version, reconnectMs } = this.options;
    const headers = {
      'x-self-id': ACCOUNT,
      'x-client-role': 'Universal',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const socket = new WebSocket(url, version === 12 ? ['12.hutong-simulator'] : [], { headers });
    socket.on('open', () => this.use(socket, '/'));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (!this.closing.signal.aborted) this.reconnect = setTimeout(() => this.dial(url), reconnectMs);
    });
  }

  private use(socket: WebSocket, path: string): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.listeners.delete(socket);
    });
    if (path !== '/event') socket.on('message', (data: Buffer) => this.frame(socket, data.toString('utf8')));
    if (path === '/api') return;
    for (const event of this.meta.connected()) socket.send(JSON.stringify(event));
    this.listeners.add(socket);
  }

  private frame(socket: WebSocket, text: string): void {
    const frame = jsonIn(text);
    const echo = frame?.['echo'];
    const { action } = frame ?? {};
    if (!frame || typeof action !== 'string') {
      const bad = this.options.version === 11 ? 1400 : 10001;
      socket.send(JSON.stringify({ status: 'failed', retcode: bad, data: null, echo }));
      return;
    }
    const silence = this.takeSilence(action);
    // The connection is lost before the action is read, or before it is answered.
    if (silence === 'lost') return socket.terminate();
    const answer = this.act(action, objectIn(frame['params']));
    if (silence === 'taken') return socket.terminate();
    socket.send(JSON.stringify({ ...answer, echo }));
  }

  private takeSilence(action: string) {
    return action.startsWith('send') ? this.faults.takeSilence() : undefined;
  }

  /** A post that fails is lost: OneBot says nothing of a repetition. */
  private async post(body: string): Promise<void> {
    if (!this.postTo) return;
    const { secret, token, version } = this.options;
    const key = this.faults.takeWrongSignature() ? 'another secret' : (secret ?? '');
    const signature: Record<string, string> =
      version === 11
        ? {
            'x-self-id': ACCOUNT,
            'x-signature': `sha1=${createHmac('sha1', key).update(body).digest('hex')}`,
          }
        : { 'x-onebot-version': '12', 'x-impl': 'hutong-simulator', authorization: `Bearer ${token ?? ''}` };
    const headers = { 'content-type': 'application/json', ...signature };
    await ask(this.postTo, {
      method: 'POST',
      body,
      headers,
      deadlineMs: 10_000,
      signal: this.closing.signal,
    }).catch(() => inBackground('event of OneBot', () => undefined));
  }
}

function tokenIn(authorization: string | undefined, query: string | null): string | undefined {
  const [, token] = /^(?:Bearer|Token) (.+)$/.exec(authorization ?? '') ?? [];
  return token ?? query ?? undefined;
}

function empty(status: number): Outgoing {
  return { status, type: 'text/plain', body: '' };
}

function objectIn(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function jsonIn(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}
