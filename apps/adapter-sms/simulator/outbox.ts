/**
 * What the carrier sends to the service: messages of people and reports. Each is kept until it is acknowledged, and goes over
 * any link that takes it; what was under way when a link broke goes first over the next one.
 */
import { inBackground, pause } from '#simulators';

const MOST_WAITING = 100_000;

export interface Push {
  /** The packet. @param version of the protocol that the link speaks */
  frame(sequence: number, version: number): Buffer;
  /** Its own sequence number, the same over every link; absent: each link numbers. */
  sequence?: number;
  /** The service refused it for good. */
  refused?: (code: number) => void;
}

/** `again`: the service is busy. */
export type Verdict = 'taken' | 'again' | { refused: number };

export interface Times {
  /** Time for the answer to a packet, ms. */
  answerMs: number;
  /** Time until a packet is sent again after the service was busy, ms. */
  retryMs: number;
}

/** Attempts on one link before it counts as broken (N of the documents). */
const ATTEMPTS = 3;

interface UnderWay {
  push: Push;
  attempts: number;
  timer: NodeJS.Timeout;
}

export class Outbox {
  private readonly waiting: Push[] = [];
  private readonly channels = new Set<Channel>();
  private readonly closing = new AbortController();
  private paused = 0;
  private whenIdle: (() => void)[] = [];
  /** Something waits, and no link takes it. */
  onWaiting = (): void => undefined;

  constructor(readonly times: Times) {}

  /** @throws Error when too much waits */
  add(push: Push): void {
    if (this.waiting.length >= MOST_WAITING) throw new Error('the carrier keeps no more for this service');
    this.waiting.push(push);
    this.pump();
  }

  attach(channel: Channel): void {
    this.channels.add(channel);
    this.pump();
  }

  detach(channel: Channel): void {
    if (!this.channels.delete(channel)) return;
    this.waiting.unshift(...channel.giveUp());
    this.pump();
  }

  get isEmpty(): boolean {
    return (
      this.waiting.length === 0 && this.paused === 0 && [...this.channels].every((channel) => channel.isEmpty)
    );
  }

  /** Resolves when all is acknowledged. */
  async idle(): Promise<void> {
    if (!this.isEmpty) await new Promise<void>((resolve) => this.whenIdle.push(resolve));
  }

  close(): void {
    this.closing.abort();
    for (const channel of this.channels) channel.giveUp();
    this.channels.clear();
    this.waiting.length = 0;
    this.settled();
  }

  /** @internal */
  later(push: Push): void {
    this.paused++;
    inBackground('a service that is busy', async () => {
      await pause(this.times.retryMs, this.closing.signal);
      this.paused--;
      if (!this.closing.signal.aborted) this.waiting.unshift(push);
      this.pump();
    });
  }

  /** @internal */
  pump(): void {
    for (const channel of this.channels)
      while (channel.hasRoom) {
        const next = this.waiting.shift();
        if (!next) return this.settled();
        channel.send(next);
      }
    if (this.waiting.length > 0) this.onWaiting();
    else this.settled();
  }

  private settled(): void {
    if (!this.isEmpty) return;
    for (const resolve of this.whenIdle.splice(0)) resolve();
  }
}

export interface Line {
  /** Packets without an answer. */
  window: number;
  write(frame: Buffer): void;
  /** Closes the link: an answer is missing. */
  broken(): void;
  /** A fault: this packet is sent twice. */
  twice(): boolean;
  /** Packets have an id of their own: a repeated one has a new sequence number, as over a new link. */
  hasIds: boolean;
}

/** One link over which the service takes messages. */
export class Channel {
  private readonly underWay = new Map<number, UnderWay>();
  private sequence = 0;
  /** Of the protocol, as the login of this link says. */
  version = 0;

  constructor(
    private readonly outbox: Outbox,
    private readonly line: Line,
  ) {}

  get hasRoom(): boolean {
    return this.underWay.size < this.line.window;
  }

  get isEmpty(): boolean {
    return this.underWay.size === 0;
  }

  /** For other requests of the carrier on this link. */
  nextSequence(): number {
    this.sequence = (this.sequence % 0x7fffffff) + 1;
    return this.sequence;
  }

  send(push: Push): void {
    const sequence = this.sendOnce(push);
    if (!this.line.twice()) return;
    if (this.line.hasIds) this.sendOnce(push);
    else this.line.write(push.frame(sequence, this.version));
  }

  private sendOnce(push: Push): number {
    const sequence = push.sequence ?? this.nextSequence();
    const timer = setTimeout(() => this.again(sequence), this.outbox.times.answerMs);
    this.underWay.set(sequence, { push, attempts: 1, timer });
    this.line.write(push.frame(sequence, this.version));
    return sequence;
  }

  /** The service answered. */
  answered(sequence: number, verdict: Verdict): void {
    const answered = this.underWay.get(sequence);
    if (!answered) return;
    clearTimeout(answered.timer);
    this.underWay.delete(sequence);
    if (verdict === 'again') this.outbox.later(answered.push);
    else if (verdict !== 'taken') answered.push.refused?.(verdict.refused);
    this.outbox.pump();
  }

  /** @returns what was not acknowledged, in its order */
  giveUp(): Push[] {
    const left = [...this.underWay.values()];
    this.underWay.clear();
    for (const { timer } of left) clearTimeout(timer);
    return left.map(({ push }) => push);
  }

  /** The same packet with the same sequence number. */
  private again(sequence: number): void {
    const late = this.underWay.get(sequence);
    if (!late) return;
    if (late.attempts >= ATTEMPTS) return this.line.broken();
    late.attempts++;
    late.timer.refresh();
    this.line.write(late.push.frame(sequence, this.version));
  }
}
