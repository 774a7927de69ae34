/** The gateway of the bot API: events over a WebSocket, which a new connection resumes where the last one ended. */
import type { Duplex } from 'node:stream';
import { z } from 'zod';
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
import type { SignedCallback } from '#adapter-webhook';
import { HubError, parseJson } from '#protocol';
import { runInBackground, type Log } from '#service';

const [DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK] = [0, 1, 2, 6, 7, 9, 10, 11];
/** Chats with one person, and groups. */
const INTENTS = 1 << 25;
const MAX_EVENT = 1024 * 1024;
const BOUNDS = { depth: 16, values: 20_000 };
const HELLO_MS = 10_000;
/** The bot is delisted or banned, or what it asks for can never be granted: nobody must ask again. */
const FINAL_CODES = new Set([4001, 4002, 4010, 4011, 4012, 4013, 4014, 4914, 4915]);
/** After these a connection may resume; after others it identifies again. */
const RESUMABLE = new Set([1000, 1001, 1005, 1006, 4008, 4009]);

const Payload = z.looseObject({
  op: z.number().optional().catch(undefined),
  s: z.number().optional().catch(undefined),
  t: z.string().optional().catch(undefined),
  d: z.unknown().optional(),
});
const Hello = z.looseObject({ heartbeat_interval: z.number().min(1000).max(600_000) });
const Ready = z.looseObject({ session_id: z.string() });
const payloadOf = ({ json }: JsonMessage) => Payload.safeParse(json).data ?? { d: undefined };
const greets = (t: string | undefined) => t === 'READY' || t === 'RESUMED';

/** A login is answered by an event, and a heartbeat by its own operation. */
const PROTOCOL: SessionProtocol<JsonMessage> = {
  peer: 'QQ gateway',
  codec: jsonMessages(MAX_EVENT, BOUNDS),
  kindOf(message) {
    const { op, t } = payloadOf(message);
    if (op === ACK || op === INVALID || (op === DISPATCH && greets(t))) return 'response';
    return op === HELLO ? 'provisional' : 'request';
  },
  correlationId: (message) =>
    [HEARTBEAT, ACK].includes(payloadOf(message).op ?? -1) ? 'heartbeat' : 'login',
  nameOf: (message) => `operation ${payloadOf(message).op}`,
};

export interface GatewayOptions {
  /** Asks the API for the address. */
  url: () => Promise<string>;
  token: () => Promise<string>;
  take: (input: SignedCallback) => Promise<void>;
  log: Log;
}

export class Gateway {
  private readonly session: Session<JsonMessage>;
  private resume: { sessionId: string; seq: number } | undefined;
  private heartbeatMs = 30_000;

  constructor(private readonly options: GatewayOptions) {
    const heartbeatMs = () => this.heartbeatMs;
    this.session = new Session<JsonMessage>({
      protocol: PROTOCOL,
      limits: USUAL_LIMITS,
      log: options.log,
      logFields: {},
      endpoint: () => ({ host: '', port: 0 }),
      dial: () => this.dial(),
      logIn: async (connection) => {
        const login = await this.login();
        const { op, d, s } = payloadOf(await connection.request(() => login, { outsideWindow: true }));
        if (op === INVALID) {
          this.resume = undefined;
          throw new HubError('91', 'the gateway refuses the session');
        }
        const ready = Ready.safeParse(d).data;
        if (ready) this.resume = { sessionId: ready.session_id, seq: s ?? 0 };
      },
      onRequest: ({ frame }) => this.received(frame),
      keepAlive: {
        get everyMs() {
          return heartbeatMs();
        },
        make: () => jsonMessage({ op: HEARTBEAT, d: this.resume?.seq ?? null }),
      },
    });
  }

  get up(): boolean {
    return this.session.state === 'up';
  }

  start(changed: (up: boolean) => void): void {
    this.session.on('up', () => changed(true));
    this.session.on('down', () => changed(false));
    runInBackground('QQ gateway', this.options.log, () => this.session.run());
  }

  stop(): Promise<void> {
    return this.session.stop();
  }

  private async received(message: JsonMessage): Promise<void> {
    const { op, s } = payloadOf(message);
    if (op === RECONNECT) return this.session.hangUp('the gateway asks for a new connection');
    await this.options.take(message);
    // Only now: what was not stored comes again after a resume.
    if (s !== undefined && this.resume) this.resume.seq = Math.max(this.resume.seq, s);
  }

  private async login(): Promise<JsonMessage> {
    const token = `QQBot ${await this.options.token()}`;
    if (this.resume)
      return jsonMessage({
        op: RESUME,
        d: { token, session_id: this.resume.sessionId, seq: this.resume.seq },
      });
    return jsonMessage({ op: IDENTIFY, d: { token, intents: INTENTS, shard: [0, 1], properties: {} } });
  }

  /** Resolves with the connection after the gateway's greeting, which says how often it wants a heartbeat. */
  private async dial(): Promise<Duplex> {
    const socket = await dialWebSocket(await this.options.url(), { maxPayload: MAX_EVENT });
    socket.on('close', (code) => {
      if (!RESUMABLE.has(code)) this.resume = undefined;
      if (FINAL_CODES.has(code))
        this.session.halt(`the gateway closed with ${code}: the bot may not connect again`);
    });
    return new Promise((resolve, reject) => {
      const fail = () => {
        clearTimeout(timer);
        socket.terminate();
        reject(new HubError('91', 'the gateway did not greet'));
      };
      const timer = setTimeout(fail, HELLO_MS);
      socket.once('close', fail);
      socket.once('message', (data: Buffer) => {
        clearTimeout(timer);
        socket.off('close', fail);
        const hello = Hello.safeParse(Payload.safeParse(parseJson(data)).data?.d).data;
        if (hello) this.heartbeatMs = hello.heartbeat_interval;
        resolve(webSocketStream(socket));
      });
      socket.resume();
    });
  }
}
