/** One connection to Janus' API over a WebSocket, with one session: requests with time limits, keep-alive, and events of handles. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { HubError } from '#protocol';
import { guarded, type Log } from '#service';

const SUBPROTOCOL = 'janus-protocol';
const CONNECT_MS = 5000;
const REQUEST_MS = 5000;
/** Janus ends a session that is silent for 60 s. */
const KEEP_ALIVE_MS = 20_000;

const Reply = z.object({
  janus: z.string(),
  transaction: z.string().optional(),
  sender: z.number().optional(),
  data: z.object({ id: z.number() }).optional(),
  plugindata: z.object({ data: z.looseObject({}) }).optional(),
  jsep: z.object({ type: z.string(), sdp: z.string() }).optional(),
  error: z.object({ code: z.number(), reason: z.string() }).optional(),
  reason: z.string().optional(),
});
export type JanusReply = z.infer<typeof Reply>;

interface Waiting {
  /** Only an event of the plugin is the answer; `ack` comes before it. */
  forEvent: boolean;
  resolve: (reply: JanusReply) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

export class JanusConnection {
  /** By transaction; bounded by the time limit of a request, and by the number of pages. */
  private readonly waiting = new Map<string, Waiting>();
  /** By handle; bounded by the number of pages. */
  private readonly listeners = new Map<number, (event: JanusReply) => void>();
  private session: number | undefined;
  private over = false;
  private keepAlive: NodeJS.Timeout | undefined;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;

  private constructor(
    private readonly socket: WebSocket,
    private readonly secret: string | undefined,
    private readonly log: Log,
  ) {
    this.ended = new Promise((resolve) =>
      socket.addEventListener('close', () => {
        this.forget();
        resolve();
      }),
    );
    socket.addEventListener(
      'message',
      guarded('message of Janus', log, ({ data }: MessageEvent) => this.take(String(data))),
    );
  }

  /** @throws HubError 91 when Janus cannot be reached, or refuses the session */
  static async open(url: string, secret: string | undefined, log: Log): Promise<JanusConnection> {
    const socket = new WebSocket(url, SUBPROTOCOL);
    const connection = new JanusConnection(socket, secret, log);
    try {
      await opened(socket);
      const { data } = await connection.request('create', {});
      connection.session = data?.id;
    } catch (error) {
      socket.close();
      throw error;
    }
    connection.keepAlive = setInterval(
      guarded('keep-alive of Janus', log, async () => {
        await connection.request('keepalive', {}).catch((error: unknown) => {
          connection.close();
          throw error;
        });
      }),
      KEEP_ALIVE_MS,
    );
    connection.keepAlive.unref();
    return connection;
  }

  get isOver(): boolean {
    return this.over;
  }

  /**
   * @param forEvent the answer is an event of the plugin
   * @throws HubError 91 without an answer in time, 96 for an error of Janus
   */
  request(janus: string, fields: object, forEvent = false): Promise<JanusReply> {
    if (this.over) return Promise.reject(new HubError('91', 'the connection to Janus has ended'));
    const transaction = randomUUID();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        guarded('time limit of Janus', this.log, () => {
          this.waiting.delete(transaction);
          reject(new HubError('91', `Janus did not answer: ${janus}`));
        }),
        REQUEST_MS,
      );
      this.waiting.set(transaction, { forEvent, resolve, reject, timer });
      this.socket.send(
        JSON.stringify({
          janus,
          transaction,
          ...(this.session === undefined ? {} : { session_id: this.session }),
          ...(this.secret === undefined ? {} : { apisecret: this.secret }),
          ...fields,
        }),
      );
    });
  }

  /** Events of this handle that answer no request; `detached` when the connection ends. */
  listen(handle: number, listener: (event: JanusReply) => void): void {
    this.listeners.set(handle, listener);
  }

  unlisten(handle: number): void {
    this.listeners.delete(handle);
  }

  close(): void {
    this.socket.close();
    this.forget();
  }

  private take(text: string): void {
    const reply = Reply.parse(JSON.parse(text));
    const asked = reply.transaction === undefined ? undefined : this.waiting.get(reply.transaction);
    if (!asked) {
      if (reply.sender !== undefined) this.listeners.get(reply.sender)?.(reply);
      return;
    }
    if (asked.forEvent && reply.janus === 'ack') return;
    this.waiting.delete(reply.transaction ?? '');
    clearTimeout(asked.timer);
    if (reply.janus === 'error') asked.reject(new HubError('96', `Janus: ${reply.error?.reason ?? 'error'}`));
    else asked.resolve(reply);
  }

  private forget(): void {
    this.over = true;
    clearInterval(this.keepAlive);
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new HubError('91', 'the connection to Janus has ended'));
    }
    this.waiting.clear();
    const listeners = [...this.listeners.values()];
    this.listeners.clear();
    for (const listener of listeners) listener({ janus: 'detached', reason: 'Janus is gone' });
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new HubError('91', 'Janus does not answer')), CONNECT_MS);
    socket.addEventListener('open', () => {
      clearTimeout(timer);
      resolve();
    });
    const fail = () => {
      clearTimeout(timer);
      reject(new HubError('91', 'Janus cannot be reached'));
    };
    socket.addEventListener('error', fail);
    socket.addEventListener('close', fail);
  });
}
