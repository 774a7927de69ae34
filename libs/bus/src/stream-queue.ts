/**
 * Publications to one stream that wait to be sent, in order, and which of them are sent next. Few are sent one by one. While
 * those wait for the disk, more arrive: they are sent as one atomic batch, which the server writes to disk at once. Behind a
 * batch nothing is sent before its answer, because a refused batch is sent again, singly. No input or output.
 */
import type { Publication } from './publication.js';

/**
 * Publications in a batch at least. The server prepares each batch in files of its own: with fewer publications, that takes
 * longer than writing each one to disk (docs/decisions/0022-atomic-batches.md).
 */
export const SMALLEST_BATCH = 32;
/** Publications in a batch at most; the server takes 1,000. */
export const LARGEST_BATCH = 256;
/** Payloads in a batch at most, bytes. */
export const BATCH_BYTES = 1024 * 1024;
/** Unacknowledged publications that were sent one by one, to a stream that takes no batches. */
const WINDOW = 512;

export type Next = { send: 'one'; publication: Publication } | { send: 'batch'; publications: Publication[] };

export class StreamQueue {
  /** Not sent in this session. By key, oldest first. Bounded by what the publisher lets wait. */
  private unsent = new Map<number, Publication>();
  /** Sent one by one and unacknowledged. By key, oldest first. Bounded by `WINDOW`. */
  private readonly sent = new Map<number, Publication>();
  private batch: Publication[] | undefined;

  /** @param takesBatches false: the stream was not created for atomic batches */
  constructor(private readonly takesBatches: () => boolean) {}

  get isEmpty(): boolean {
    return this.unsent.size === 0 && this.sent.size === 0 && this.batch === undefined;
  }

  add(publication: Publication): void {
    this.unsent.set(publication.key, publication);
  }

  /** What is to be sent now. The queue takes it for sent. */
  next(): Next | undefined {
    if (this.batch) return undefined;
    const [first] = this.unsent.values();
    if (!first) return undefined;
    const waitsForBatch = this.takesBatches() && !first.isAlone;
    if (waitsForBatch && this.unsent.size >= SMALLEST_BATCH) {
      const publications = this.batchable();
      if (publications.length >= SMALLEST_BATCH) {
        for (const { key } of publications) this.unsent.delete(key);
        this.batch = publications;
        return { send: 'batch', publications };
      }
    }
    if (this.sent.size >= (waitsForBatch ? SMALLEST_BATCH : WINDOW)) return undefined;
    this.unsent.delete(first.key);
    this.sent.set(first.key, first);
    return { send: 'one', publication: first };
  }

  /** Acknowledged, or refused for good. A batch of which one publication was refused is never complete: the others are sent singly. */
  settle(publication: Publication): void {
    const { key } = publication;
    if (this.unsent.delete(key) || this.sent.delete(key) || !this.batch?.includes(publication)) return;
    this.sendSingly(this.batch.filter((other) => other !== publication));
  }

  /**
   * The server has answered the batch that ends with this publication.
   * @param stored how many publications it stored: 0 or all, otherwise the answer is of no use
   * @returns those publications; undefined: the others are sent again, singly
   */
  endBatch(last: Publication, stored: number): readonly Publication[] | undefined {
    const { batch } = this;
    // It was broken up meanwhile.
    if (batch?.at(-1) !== last) return undefined;
    this.batch = undefined;
    if (stored === batch.length) return batch;
    this.sendSingly(batch);
    return undefined;
  }

  /** A new session: what is not acknowledged is sent again, oldest first. What was sent before may be stored already. */
  startAgain(): void {
    const again = [...this.sent.values(), ...(this.batch ?? [])];
    this.sent.clear();
    this.sendSingly(again);
  }

  private sendSingly(publications: readonly Publication[]): void {
    for (const publication of publications) publication.isAlone = true;
    this.batch = undefined;
    this.unsent = new Map([...publications.map((one) => [one.key, one] as const), ...this.unsent]);
  }

  private batchable(): Publication[] {
    const publications: Publication[] = [];
    let bytes = 0;
    for (const publication of this.unsent.values()) {
      bytes += publication.payload.length;
      const isFull = publications.length >= LARGEST_BATCH || bytes > BATCH_BYTES;
      if (isFull || publication.isAlone) break;
      publications.push(publication);
    }
    return publications;
  }
}

/**
 * Which publications are stored in the same stream, judged by the subject. If a subject is judged wrongly, the server refuses
 * the batch, and its publications are sent singly.
 */
export function streamKeyOf(subject: string): string {
  const [first = '', second = '', third = ''] = subject.split('.', 3);
  // Each network has a stream of its own for these; a bucket is a stream.
  const ofNetwork = second === 'in' || second === 'report' || second === 'media';
  return first === 'hub' && ofNetwork ? `${first}.${second}.${third}` : `${first}.${second}`;
}
