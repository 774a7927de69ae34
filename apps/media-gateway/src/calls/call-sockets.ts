/** WebSockets of call pages: bounded messages, a heartbeat, one browser for a page. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { WebSocket, WebSocketServer } from 'ws';
import { guarded, HTTP_LIMITS, LOG, PeriodicTask, runInBackground, sleep, type Log } from '#service';
import type { CallPage, PageSocket } from './call-page.js';
import { CallPages } from './call-pages.js';
import { CallsService } from './calls.service.js';
import { CLOSED, FromPage, MOST_MESSAGE_BYTES } from './page-messages.js';

const PATH = /^\/call\/([\w-]{1,64})\/socket\?browser=([\w-]{16,64})$/;
const MOST_SOCKETS = 4000;
/** Of one connection: a call needs some dozens. */
const MOST_MESSAGES = 500;
const HEARTBEAT_MS = 10_000;
const GOING_AWAY = 1001;
/** For browsers to take their last message. */
const CLOSE_MS = 1000;
/** A browser that does not close what we have closed. */
const REFUSED_MS = 2000;
const TASK = 'WebSocket of a call page';

@Injectable()
export class CallSockets implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private server: WebSocketServer | undefined;
  private heartbeat: PeriodicTask | undefined;
  /** Those that have not answered the last ping. */
  private readonly silent = new WeakSet<WebSocket>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly pages: CallPages,
    private readonly calls: CallsService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (!this.calls.isOn) return;
    // Loaded where it is used: a gateway without call pages needs none.
    const { WebSocketServer } = await import('ws');
    this.server = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES });
    const http = this.host.httpAdapter.getHttpServer() as Server;
    http.maxConnections = HTTP_LIMITS.connections + MOST_SOCKETS;
    http.on(
      'upgrade',
      guarded(TASK, this.log, (request: IncomingMessage, socket: Duplex, head: Buffer) =>
        this.upgrade(request, socket, head),
      ),
    );
    this.heartbeat = new PeriodicTask(HEARTBEAT_MS, () => Promise.resolve(this.beat()), TASK, this.log);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.heartbeat?.stop();
    const open = [...(this.server?.clients ?? [])];
    const ends = open.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())));
    for (const socket of open) socket.close(GOING_AWAY);
    await Promise.race([Promise.all(ends), sleep(CLOSE_MS)]);
    for (const socket of open) socket.terminate();
    this.server?.close();
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Without a listener, a peer that hangs up would end this process.
    socket.on('error', () => socket.destroy());
    const [, token, browser] = PATH.exec(request.url ?? '') ?? [];
    const { server } = this;
    if (!server || token === undefined || browser === undefined || server.clients.size >= MOST_SOCKETS) {
      const status = token === undefined ? '404 Not Found' : '503 Service Unavailable';
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    server.handleUpgrade(request, socket, head, (opened) => this.serve(opened, token, browser));
  }

  private serve(socket: WebSocket, token: string, browser: string): void {
    socket.on('error', (error) => this.log.debug({ reason: error.message }, TASK));
    const page = this.pages.ofToken(token);
    const own: PageSocket = {
      send: (message) => socket.send(JSON.stringify(message), (error) => error && socket.terminate()),
      close: (code) => this.end(socket, code),
    };
    const refused = page ? page.connect(own, browser) : CLOSED.gone;
    if (!page || refused !== undefined) {
      this.end(socket, refused);
      return;
    }
    socket.on('close', () => page.disconnect(own));
    socket.on('pong', () => this.silent.delete(socket));
    let left = MOST_MESSAGES;
    socket.on('message', (data, isBinary) => {
      const message = isBinary || --left < 0 ? undefined : read(textOf(data));
      if (message) this.pass(page, message);
      else this.end(socket, CLOSED.refused);
    });
  }

  /** Also for a browser that does not answer: connections are few. */
  private end(socket: WebSocket, code: number | undefined): void {
    socket.close(code);
    const timer = setTimeout(
      guarded(TASK, this.log, () => socket.terminate()),
      REFUSED_MS,
    );
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  }

  private pass(page: CallPage, message: FromPage): void {
    runInBackground(TASK, this.log, () => page.receive(message));
  }

  private beat(): void {
    for (const socket of this.server?.clients ?? []) {
      if (this.silent.has(socket)) socket.terminate();
      else {
        this.silent.add(socket);
        socket.ping();
      }
    }
  }
}

/** @returns undefined for what is no message of a page */
function read(text: string): FromPage | undefined {
  try {
    return FromPage.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as ArrayBuffer);
  return bytes.toString('utf8');
}
