/**
 * A native network of one person, who answers every message with the same text: for adapters in the process of a test. It
 * outlives its adapter, keeps what the adapter has not acknowledged, and recognises a message that is sent again under its key.
 */
import { setTimeout } from 'node:timers/promises';
import { runInBackground } from '#service';
import { quiet } from './hub-fixture.js';

/** How long the network takes to show a message: long enough for an interruption in between. */
const LATENCY_MS = 20;

export interface NativeAnswer {
  nativeId: string;
  /** Whom the person answers. */
  to: string;
  text: string;
}

/** Resolves when the adapter has stored the answer. */
type Take = (answer: NativeAnswer) => Promise<void>;

export class PlainNetwork {
  private readonly keys = new Set<string>();
  private readonly unacknowledged = new Map<string, NativeAnswer>();
  private readonly links = new Set<Take>();
  private counter = 0;

  constructor(readonly person: string) {}

  /** The subscriber whom an adapter can write to. */
  knows(native: string): boolean {
    return native === this.person;
  }

  /** An adapter connects: it gets all answers that no adapter has acknowledged, and then each new one. @returns its disconnection */
  connect(take: Take): () => void {
    this.links.add(take);
    for (const answer of this.unacknowledged.values()) this.offer(take, answer);
    return () => void this.links.delete(take);
  }

  /**
   * An adapter shows a message to the person.
   * @param key a message that comes again under the same key is ignored
   */
  async show(from: string, text: string, key: string): Promise<void> {
    await setTimeout(LATENCY_MS);
    if (this.keys.has(key)) return;
    this.keys.add(key);
    const answer = { nativeId: `answer-${this.counter++}`, to: from, text };
    this.unacknowledged.set(answer.nativeId, answer);
    for (const take of this.links) this.offer(take, answer);
  }

  /** The answer is acknowledged when `take` resolves. An adapter that cannot take it gets it again when it connects again. */
  private offer(take: Take, answer: NativeAnswer): void {
    runInBackground('answer', quiet, async () => {
      await take(answer);
      this.unacknowledged.delete(answer.nativeId);
    });
  }
}
