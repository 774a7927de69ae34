/** One WebSocket of a bot: events go to it, its actions come, and it is found out when it is dead. */
import { WebSocket } from 'ws';
import { HubError } from '#protocol';
import { guarded, runInBackground, type Log } from '#service';

const TASK = 'WebSocket of a bot';
/** OneBot 11: `heartbeat.interval`. */
export const HEARTBEAT_MS = 15_000;
const ANSWER_MS = 10_000;
/** Bytes that wait for a bot that does not read. */
const MAX_UNSENT = 8 * 1024 * 1024;
/** Actions of one WebSocket that are being carried out. */
const MAX_ACTIONS = 200;

interface Waiting {
  resolve: () => void;
  reject: (error: HubError) => void;
  timer: NodeJS.Timeout;
}

export interface BotSocketOptions {
  /** Whether events go to this WebSocket (`/`, `/event`). */
  hears: boolean;
  /** Carries out an action. @returns the response; undefined: none. Never rejects */
  act: ((frame: Buffer) => Promise<object>) | undefined;
  closed: () => void;
  heartbeat: () => object;
  log: Log;
}

export class BotSocket {
  /** By number of the ping that follows the event; bounded by the deliveries that the kit has running. */
  private readonly waiting = new Map<number, Waiting>();
  private counter = 0;
  private acting = 0;
  private alive = true;
  private readonly beating: NodeJS.Timeout;

  constructor(
    private readonly socket: WebSocket,
    private readonly options: BotSocketOptions,
  ) {
    const { log } = options;
    socket.on('pong', (data) => this.arrived(Number(data.toString())));
    socket.on('error', (error) => log.info({ reason: error.message }, TASK));
    socket.on('close', () => this.close());
    socket.on('message', (data) => runInBackground(TASK, log, () => this.carryOut(data as Buffer)));
    this.beating = setInterval(
      guarded(TASK, log, () => this.beat()),
      HEARTBEAT_MS,
    );
    this.beating.unref();
  }

  get hears(): boolean {
    return this.options.hears && this.socket.readyState === WebSocket.OPEN;
  }

  /**
   * Resolves when the bot's program has the event. OneBot 11 answers no event, so a ping follows it: a WebSocket answers in
   * order, and its pong says that what came before was read.
   * @throws HubError 91 not sent, 103 sent and not confirmed
   */
  say(event: object): Promise<void> {
    const { socket } = this;
    if (!this.hears) return Promise.reject(new HubError('91', 'the bot has no WebSocket open'));
    if (socket.bufferedAmount > MAX_UNSENT)
      return Promise.reject(new HubError('91', 'the bot does not read its WebSocket'));
    const n = ++this.counter;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        guarded(TASK, this.options.log, () => socket.terminate()),
        ANSWER_MS,
      );
      this.waiting.set(n, { resolve, reject, timer });
      this.write(event);
      socket.ping(String(n));
    });
  }

  /** Nobody waits for it. */
  tell(event: object): void {
    if (this.hears && this.socket.bufferedAmount <= MAX_UNSENT) this.write(event);
  }

  end(code: number, reason: string): void {
    this.socket.close(code, reason);
  }

  /** Also confirms what was sent before: of several pings a peer may answer the last alone. */
  private arrived(n: number): void {
    this.alive = true;
    for (const [before, { resolve, timer }] of this.waiting) {
      if (before > n) continue;
      clearTimeout(timer);
      this.waiting.delete(before);
      resolve();
    }
  }

  /** Pauses the WebSocket of a bot that asks for more than is carried out. */
  private async carryOut(frame: Buffer): Promise<void> {
    const { act } = this.options;
    if (!act) return;
    if (++this.acting >= MAX_ACTIONS) this.socket.pause();
    try {
      const response = await act(frame);
      if (this.socket.bufferedAmount > MAX_UNSENT) this.socket.terminate();
      else if (this.socket.readyState === WebSocket.OPEN) this.write(response);
    } finally {
      if (--this.acting < MAX_ACTIONS / 2 && this.socket.isPaused) this.socket.resume();
    }
  }

  private write(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  private beat(): void {
    if (!this.alive) return this.socket.terminate();
    this.alive = false;
    this.socket.ping(String(this.counter));
    this.tell(this.options.heartbeat());
  }

  private close(): void {
    clearInterval(this.beating);
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new HubError('103', 'the WebSocket of the bot was closed before it confirmed the event'));
    }
    this.waiting.clear();
    this.options.closed();
  }
}
