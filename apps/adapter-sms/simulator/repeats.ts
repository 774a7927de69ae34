/**
 * Requests that the service sends again because it did not get the answer: the same sequence number with the same content gets
 * the same answer and is not carried out again.
 */
const MOST_KEPT = 1024;

interface Kept {
  link: object;
  frame: Buffer;
  answer: Buffer;
}

export class Repeats {
  private readonly kept = new Map<string, Kept>();

  /** @returns the answer to repeat, or `conflict`: this link used the number for something else */
  find(sequence: string, frame: Buffer, link: object): Buffer | 'conflict' | undefined {
    const known = this.kept.get(sequence);
    if (!known) return undefined;
    if (known.frame.equals(frame)) return known.answer;
    return known.link === link ? 'conflict' : undefined;
  }

  keep(sequence: string, kept: Kept): void {
    this.kept.delete(sequence);
    this.kept.set(sequence, { ...kept, frame: Buffer.from(kept.frame) });
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }
}
