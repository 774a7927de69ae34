/** The WebSocket of a network behind a firewall: events in both directions; the answer to an event has its number. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { z } from 'zod';
import { type AttachTools } from '#adapter-kit';
import { admitUpgrade, claimOf, slowedDown } from '#adapter-webhook';
import { HubError } from '#protocol';
import { guarded, JsonRefused, readSmallJson, runInBackground, type Log } from '#service';
import { readFieldByField } from './field-by-field.js';
import { REFUSAL_FIELDS, throwIfRefused } from './open.errors.js';
import { AnswerFrame, SocketFrame, type Answer, type OpenEvent, type Verdict } from './open.schema.js';
import type { SignedHeaders, Verifier } from './signature.js';
import type { Transport } from './transport.js';

const TASK = 'WebSocket';
export const STREAM_PATH = '/open/v1/stream';
/** One event; a text of 100,000 characters is up to 600,000 bytes in JSON. */
const MAX_FRAME = 1024 * 1024;
const FRAME_BOUNDS = { depth: 16, values: 500 };
/** Limit of the bytes that wait for a network that reads too slowly. */
const MAX_UNSENT = 4 * 1024 * 1024;
const MAX_ACCEPTING = 500;
const ANSWER_MS = 10_000;
const PING_MS = 15_000;

interface Waiting {
  resolve: (answer: Answer) => void;
  reject: (error: HubError) => void;
  timer: NodeJS.Timeout;
}

export class SocketConnection implements Transport {
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME });
  private socket: WebSocket | undefined;
  private counter = 0;
  private readonly waiting = new Map<number, Waiting>();
  private alive = false;
  /** Events of the network that are not stored yet. */
  private accepting = 0;
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly verifier: Verifier,
    /** Processes an event of the network; resolves when it is stored or refused. */
    private readonly take: (event: unknown) => Promise<Verdict>,
    /** Called when `connected` may have changed. */
    private readonly changed: () => unknown,
    private readonly log: Log,
  ) {
    this.heartbeat = setInterval(
      guarded(TASK, log, () => this.beat()),
      PING_MS,
    );
    this.heartbeat.unref();
  }

  get connected(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Upgrades a signed HTTP request to a WebSocket. A new WebSocket replaces the one before. */
  upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    { firstUse, refusals, proofs }: Pick<AttachTools, 'firstUse' | 'refusals' | 'proofs'>,
  ): Promise<void> {
    return admitUpgrade(
      { request, socket, refusals, route: STREAM_PATH },
      async (address) => {
        if (request.url?.split('?', 1)[0] !== STREAM_PATH) throw new HubError('14', 'no such stream');
        const headers = request.headers as Partial<SignedHeaders>;
        await slowedDown(proofs, claimOf(address, undefined), () =>
          this.verifier.check(headers, 'GET', STREAM_PATH, '', firstUse),
        );
      },
      () => this.server.handleUpgrade(request, socket, head, (opened) => this.open(opened)),
    );
  }

  async send(event: OpenEvent): Promise<Answer> {
    return throwIfRefused(await this.ask({ event }));
  }

  async lookUp(native: string): Promise<Answer> {
    return throwIfRefused(await this.ask({ lookup: native }));
  }

  stop(): void {
    clearInterval(this.heartbeat);
    this.socket?.close(1001, 'the hub is restarting: connect again');
    this.server.close();
  }

  private open(socket: WebSocket): void {
    this.socket?.close(4000, 'another connection took over');
    this.socket = socket;
    this.alive = true;
    this.changed();
    socket.on('pong', () => (this.alive = true));
    socket.on('error', (error) => this.log.warn({ reason: error.message }, 'WebSocket'));
    socket.on('close', () => this.closed(socket));
    socket.on('message', (data) => {
      const frame = readFrame(data);
      if (frame === undefined) return socket.close(1007, 'not a frame of the open interface');
      if ('answer' in frame) return this.answered(frame.answer, frame);
      if (!('event' in frame)) return this.reply(socket, frame.n, { id: '', accepted: false, code: '30' });
      const { n, event } = frame;
      runInBackground(TASK, this.log, () => this.accept(socket, n, event));
    });
  }

  /** Pauses the socket of a network that sends faster than the bus stores. */
  private async accept(socket: WebSocket, n: number, event: unknown): Promise<void> {
    if (++this.accepting >= MAX_ACCEPTING) socket.pause();
    try {
      this.reply(socket, n, await this.take(event));
    } finally {
      if (--this.accepting < MAX_ACCEPTING / 2 && socket.isPaused) socket.resume();
    }
  }

  private reply(socket: WebSocket, answer: number, verdict: Verdict): void {
    const { accepted, code, detail, again, ignored } = verdict;
    const words = accepted
      ? ignored
        ? { ignored }
        : {}
      : { code: code ?? '96', ...(detail ? { detail } : {}), ...(again ? { again } : {}) };
    if (socket.readyState !== WebSocket.OPEN) return;
    // The network sends events and does not read the answers.
    if (socket.bufferedAmount > MAX_UNSENT) return socket.terminate();
    socket.send(JSON.stringify({ answer, ...words }));
  }

  private ask(question: object): Promise<Answer> {
    const { socket } = this;
    if (!socket || !this.connected) {
      // A WebSocket that is being closed is no longer open, and not closed yet.
      this.changed();
      return Promise.reject(new HubError('91', 'the network has no WebSocket open'));
    }
    if (socket.bufferedAmount > MAX_UNSENT)
      return Promise.reject(new HubError('65', 'the network does not read its WebSocket'));
    const n = ++this.counter;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        guarded(TASK, this.log, () => this.failed(n, 'no answer to a frame')),
        ANSWER_MS,
      );
      this.waiting.set(n, { resolve, reject, timer });
      socket.send(JSON.stringify({ n, ...question }));
    });
  }

  private answered(n: number, answer: Answer): void {
    const waiting = this.waiting.get(n);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.waiting.delete(n);
    waiting.resolve(answer);
  }

  private failed(n: number, why: string): void {
    const waiting = this.waiting.get(n);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.waiting.delete(n);
    waiting.reject(new HubError('91', why));
  }

  /** Fails the requests without an answer. The kit sends their events again on the next connection, under the same ids. */
  private closed(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    this.changed();
    for (const n of this.waiting.keys()) this.failed(n, 'the WebSocket was closed');
  }

  private beat(): void {
    if (!this.alive) this.socket?.terminate();
    this.alive = false;
    this.socket?.ping();
  }
}

const Numbered = AnswerFrame.pick({ answer: true });

/** An invalid answer fails only the request that it answers. */
function readAnswerFrame(raw: unknown, answer: number): z.output<typeof AnswerFrame> {
  const read = readFieldByField(AnswerFrame, raw, REFUSAL_FIELDS);
  if (read.success) return read.data;
  return { answer, code: '100', detail: `not an answer of the open interface: ${read.issue}` };
}

function readFrame(data: WebSocket.RawData): SocketFrame | undefined {
  try {
    const raw = readSmallJson(data as Buffer, FRAME_BOUNDS);
    const answer = Numbered.safeParse(raw);
    if (answer.success) return readAnswerFrame(raw, answer.data.answer);
    const parsed = SocketFrame.safeParse(raw);
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof JsonRefused) return undefined;
    throw error;
  }
}
