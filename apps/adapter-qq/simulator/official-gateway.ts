/** The gateway of the official API. It keeps what it sent, so that a new connection can resume. */
import { randomUUID } from 'node:crypto';
import { WebSocketServer, type WebSocket } from 'ws';
import type { HttpDoor } from '#simulators';

const HEARTBEAT_MS = 41_250;
/** Events for groups and single people. */
const GROUP_AND_C2C = 1 << 25;

interface Payload {
  op: number;
  id?: string;
  s?: number;
  t?: string;
  d?: unknown;
}

interface GatewaySession {
  id: string;
  sent: Payload[];
  socket: WebSocket | undefined;
}

export class OfficialGateway {
  private readonly server = new WebSocketServer({ noServer: true });
  private readonly sessions = new Map<string, GatewaySession>();

  constructor(private readonly isToken: (token: string) => boolean) {}

  get listening(): number {
    return [...this.sessions.values()].filter(({ socket }) => socket !== undefined).length;
  }

  open(door: HttpDoor): void {
    door.onUpgrade((request, socket, head) => {
      if (request.url === '/websocket')
        this.server.handleUpgrade(request, socket, head, (opened) => this.greet(opened));
      else socket.destroy();
    });
  }

  /** Sends an event on every session; one that is away gets it when it resumes. */
  dispatch(payload: Payload): void {
    for (const session of this.sessions.values()) {
      const numbered = { ...payload, s: session.sent.length + 2 };
      session.sent.push(numbered);
      session.socket?.send(JSON.stringify(numbered));
    }
  }

  cut(): void {
    for (const { socket } of this.sessions.values()) socket?.close(4009);
  }

  close(): void {
    for (const socket of this.server.clients) socket.terminate();
    this.server.close();
  }

  private greet(socket: WebSocket): void {
    socket.on('error', () => undefined);
    socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: HEARTBEAT_MS } }));
    socket.on('message', (data: Buffer) => this.taken(socket, JSON.parse(data.toString('utf8')) as Payload));
  }

  private taken(socket: WebSocket, { op, d }: Payload): void {
    const fields = (d ?? {}) as Record<string, unknown>;
    if (op === 1) return socket.send(JSON.stringify({ op: 11 }));
    const [, token = ''] = /^QQBot (.+)$/.exec(String(fields['token'])) ?? [];
    if (!this.isToken(token)) return socket.close(4004, 'token');
    if (op === 2) return this.identify(socket, fields);
    if (op === 6) this.resume(socket, fields);
  }

  private identify(socket: WebSocket, { intents, shard }: Record<string, unknown>): void {
    if (typeof intents !== 'number' || (intents & GROUP_AND_C2C) === 0) return socket.close(4014, 'intents');
    if (JSON.stringify(shard) !== '[0,1]') return socket.close(4010, 'shard');
    const session: GatewaySession = { id: randomUUID(), sent: [], socket };
    this.sessions.clear();
    this.sessions.set(session.id, session);
    socket.on('close', () => (session.socket = undefined));
    const user = { id: '1', username: '互通', bot: true };
    socket.send(
      JSON.stringify({
        op: 0,
        s: 1,
        t: 'READY',
        d: { version: 1, session_id: session.id, user, shard: [0, 1] },
      }),
    );
  }

  private resume(socket: WebSocket, { session_id: id, seq }: Record<string, unknown>): void {
    const session = this.sessions.get(String(id));
    if (!session) return socket.send(JSON.stringify({ op: 9, d: false }));
    session.socket = socket;
    socket.on('close', () => {
      if (session.socket === socket) session.socket = undefined;
    });
    for (const payload of session.sent)
      if ((payload.s ?? 0) > Number(seq)) socket.send(JSON.stringify(payload));
    socket.send(JSON.stringify({ op: 0, s: session.sent.length + 2, t: 'RESUMED', d: '' }));
  }
}
