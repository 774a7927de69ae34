/** Client of the hub, as the server of a network has it: signed requests, or one WebSocket. Written from the documents. */
import { createHmac, randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { inBackground } from '#simulators';

export interface Question {
  event?: OpenEvent;
  lookup?: string;
  ping?: boolean;
}

/** An attachment in the hub; without an id the hub could not get the file. */
export interface OpenMedia {
  id?: string;
  type: string;
  name?: string;
  size?: number;
  seconds?: number;
  width?: number;
  height?: number;
  voice?: boolean;
  meaning?: string;
}

/** As in the AsyncAPI document of the open interface. */
export interface OpenEvent {
  kind: string;
  id: string;
  from: { id: string; name?: string; avatar?: string | null };
  to: string;
  at?: string;
  text?: string;
  format?: string;
  place?: { latitude: number; longitude: number; label?: string };
  card?: { name: string; phone?: string };
  media?: OpenMedia;
  sticker?: OpenMedia;
  replyTo?: string;
  target?: string;
  emoji?: string[];
  state?: string;
  code?: string;
  delayedSince?: string;
}
export interface Verdict {
  accepted: boolean;
  code?: string;
  detail?: string;
}
export type Reply = { id?: string; name?: string; code?: string; detail?: string };

export interface HubClient {
  tell(event: OpenEvent): Promise<Verdict>;
  close(): void;
}

export function signed(key: string, method: string, path: string, body: string): Record<string, string> {
  const [time, nonce] = [String(Math.floor(Date.now() / 1000)), randomUUID()];
  const mac = createHmac('sha256', key).update([time, nonce, method, path, body].join('.'));
  return {
    'hutong-timestamp': time,
    'hutong-nonce': nonce,
    'hutong-signature': `v1=${mac.digest('hex')}`,
  };
}

const RETRY_MS = 300;
const MOST_AT_ONCE = 100;

/** POSTs queued events, up to 100 at a time, and repeats a request until the hub has answered. */
export class RestClient implements HubClient {
  private readonly waiting: { event: OpenEvent; resolve: (verdict: Verdict) => void }[] = [];
  private working = false;
  private closed = false;

  constructor(
    private readonly url: () => string,
    private readonly key: string,
  ) {}

  tell(event: OpenEvent): Promise<Verdict> {
    return new Promise((resolve) => {
      this.waiting.push({ event, resolve });
      if (!this.working) inBackground('open network', () => this.work());
    });
  }

  close(): void {
    this.closed = true;
  }

  private async work(): Promise<void> {
    this.working = true;
    while (this.waiting.length > 0 && !this.closed) {
      const batch = this.waiting.slice(0, MOST_AT_ONCE);
      const verdicts = await this.posted(batch.map(({ event }) => event));
      // Remove events up to the first one that has to be sent again.
      const again = verdicts.findIndex((verdict) => verdict.again);
      const done = again < 0 ? verdicts.length : again;
      for (const [at, { resolve }] of this.waiting.splice(0, done).entries())
        resolve(verdicts[at] ?? { accepted: false });
      if (done === 0) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    this.working = false;
  }

  /** @returns an empty list if the hub does not answer: all events are sent again */
  private async posted(events: OpenEvent[]): Promise<(Verdict & { again?: boolean })[]> {
    try {
      return await this.post(events);
    } catch (error) {
      process.stderr.write(`open network: not told, again: ${(error as Error).message}\n`);
      return [];
    }
  }

  private async post(events: OpenEvent[]): Promise<(Verdict & { again?: boolean })[]> {
    const [path, body] = ['/open/v1/events', JSON.stringify({ events })];
    const response = await fetch(this.url() + path, {
      method: 'POST',
      headers: { ...signed(this.key, 'POST', path, body), 'content-type': 'application/json' },
      body,
    });
    if (!response.ok) return [];
    return ((await response.json()) as { verdicts: (Verdict & { again?: boolean })[] }).verdicts;
  }
}

interface Answered {
  n?: number;
  answer?: number;
  code?: string;
  detail?: string;
  again?: boolean;
}

/** WebSocket for a network behind a firewall. Reconnects, and repeats requests that were not answered. */
export class SocketClient implements HubClient {
  private socket: WebSocket | undefined;
  private counter = 0;
  private closed = false;
  private readonly unanswered = new Map<number, { event: OpenEvent; resolve: (verdict: Verdict) => void }>();

  constructor(
    private readonly url: () => string,
    private readonly key: string,
    private readonly onQuestion: (question: Question) => Reply | undefined,
  ) {
    this.dial();
  }

  tell(event: OpenEvent): Promise<Verdict> {
    return new Promise((resolve) => {
      const n = ++this.counter;
      this.unanswered.set(n, { event, resolve });
      this.send({ n, event });
    });
  }

  /** Cuts the connection without a close frame. */
  drop(): void {
    this.socket?.terminate();
  }

  close(): void {
    this.closed = true;
    this.socket?.terminate();
  }

  private dial(): void {
    if (this.closed) return;
    const path = '/open/v1/stream';
    const socket = new WebSocket(this.url().replace(/^http/, 'ws') + path, {
      headers: signed(this.key, 'GET', path, ''),
    });
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('open', () => {
      for (const [n, { event }] of this.unanswered) this.send({ n, event });
    });
    socket.on('close', () => setTimeout(() => this.dial(), RETRY_MS));
    socket.on('message', (data) => this.receive(JSON.parse((data as Buffer).toString()) as object));
  }

  private receive(frame: Answered & Question): void {
    if (frame.answer !== undefined) {
      const waiting = this.unanswered.get(frame.answer);
      const { answer: n, code, detail } = frame;
      if (frame.again && waiting) {
        setTimeout(() => this.send({ n, event: waiting.event }), RETRY_MS);
        return;
      }
      this.unanswered.delete(n);
      waiting?.resolve(code ? { accepted: false, code, ...(detail ? { detail } : {}) } : { accepted: true });
      return;
    }
    const reply = this.onQuestion(frame);
    if (reply) this.send({ answer: frame.n, ...reply });
  }

  private send(frame: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(frame));
  }
}
