/** The application side of OneBot 11 over one WebSocket (`/`), written from botuniverse/onebot-11. Reconnects. */
import { WebSocket } from 'ws';

const RETRY_MS = 300;
const ANSWER_MS = 30_000;

export interface Segment {
  type: string;
  data: Record<string, string>;
}

export interface OneBotEvent {
  time: number;
  self_id: number;
  post_type: string;
  message_type?: string;
  notice_type?: string;
  message_id?: number;
  user_id?: number;
  message?: Segment[];
  sender?: { nickname?: string };
  code?: string;
  reason?: string;
}

interface Response {
  status: string;
  retcode: number;
  data: unknown;
  message?: string;
  wording?: string;
}

interface Asked {
  request: string;
  isSent: boolean;
  resolve: (data: unknown) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

export class OneBotClient {
  private socket: WebSocket | undefined;
  private counter = 0;
  private closed = false;
  private readonly asked = new Map<number, Asked>();

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly onEvent: (event: OneBotEvent) => void,
  ) {
    this.dial();
  }

  /** Waits for a connection; an action without an answer is not sent again. */
  call(action: string, params: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const echo = ++this.counter;
      const request = JSON.stringify({ action, params, echo });
      const timer = setTimeout(() => this.fail(echo, `${action}: no answer`), ANSWER_MS);
      this.asked.set(echo, { request, isSent: false, resolve, reject, timer });
      if (this.socket?.readyState === WebSocket.OPEN) this.send(echo);
    });
  }

  /** Cuts the connection without a close frame. */
  drop(): void {
    this.socket?.terminate();
  }

  close(): void {
    this.closed = true;
    for (const echo of this.asked.keys()) this.fail(echo, 'the bot ends');
    this.socket?.terminate();
  }

  private dial(): void {
    if (this.closed) return;
    const headers = { authorization: `Bearer ${this.token}` };
    const socket = new WebSocket(this.url.replace(/^http/, 'ws'), { headers });
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('open', () => {
      for (const [echo, { isSent }] of this.asked) if (!isSent) this.send(echo);
    });
    socket.on('close', () => setTimeout(() => this.dial(), RETRY_MS));
    socket.on('message', (data) => this.receive(JSON.parse((data as Buffer).toString()) as object));
  }

  private send(echo: number): void {
    const asked = this.asked.get(echo);
    if (!asked) return;
    asked.isSent = true;
    this.socket?.send(asked.request);
  }

  private receive(frame: Partial<OneBotEvent & Response> & { echo?: number }): void {
    if (frame.post_type !== undefined) return this.onEvent(frame as OneBotEvent);
    const asked = this.asked.get(frame.echo ?? 0);
    if (!asked) return;
    clearTimeout(asked.timer);
    this.asked.delete(frame.echo ?? 0);
    if (frame.status === 'failed') asked.reject(new Error(frame.wording ?? frame.message ?? 'failed'));
    else asked.resolve(frame.data);
  }

  private fail(echo: number, why: string): void {
    const asked = this.asked.get(echo);
    if (!asked) return;
    clearTimeout(asked.timer);
    this.asked.delete(echo);
    asked.reject(new Error(why));
  }
}
