/** Events of one conversation that wait for delivery, in the order of the stream. One is delivered at a time. */
import type { BusMessage } from '#bus';
import type { DurableEvent } from '#protocol';

export interface Held {
  event: DurableEvent;
  message: BusMessage;
}

export class ConversationQueue {
  private readonly waiting: Held[] = [];
  /** Sequence of an event that the bus will redeliver after a delay. Nothing behind it is delivered before. */
  private awaited: number | undefined;
  busy = false;

  get length(): number {
    return this.waiting.length;
  }

  /** Inserts in the order of the stream, redelivered events included. A second delivery of a queued event replaces its handle. */
  add(held: Held): void {
    const { seq } = held.message;
    let at = this.waiting.length;
    while (at > 0 && (this.waiting[at - 1] as Held).message.seq > seq) at--;
    if (at > 0 && (this.waiting[at - 1] as Held).message.seq === seq) this.waiting[at - 1] = held;
    else this.waiting.splice(at, 0, held);
    if (this.awaited !== undefined && seq <= this.awaited) this.awaited = undefined;
  }

  next(): Held | undefined {
    return this.busy || this.awaited !== undefined ? undefined : this.waiting.shift();
  }

  /** The queue holds nothing and can be deleted. */
  get idle(): boolean {
    return !this.busy && this.waiting.length === 0 && this.awaited === undefined;
  }

  waitFor(seq: number): void {
    this.awaited = seq;
  }

  forgetWaiting(): void {
    this.waiting.length = 0;
    this.awaited = undefined;
  }

  *[Symbol.iterator](): Iterator<Held> {
    yield* this.waiting;
  }
}
