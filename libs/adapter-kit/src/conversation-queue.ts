/** The events of one conversation, in the order of the stream: one at a time, and the next only when that one is done. */
import type { BusMessage } from '#bus';
import type { DurableEvent } from '#protocol';

export interface Held {
  event: DurableEvent;
  message: BusMessage;
}

export class ConversationQueue {
  private readonly waiting: Held[] = [];
  /** Put back with a delay: nothing behind it may pass until it comes again. */
  private awaited: number | undefined;
  busy = false;

  get length(): number {
    return this.waiting.length;
  }

  /** Keeps the order of the stream, also for what comes again; a second delivery only renews the handle. */
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

  /** Nothing waits and nothing is awaited: the queue itself may go. */
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
