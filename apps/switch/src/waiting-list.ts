/** What waits for one network that is away, by when it expires. Two numbers each: a hundred thousand are a megabyte or two. */
export class WaitingList {
  private waiting: { seq: number; expiresAt: number }[] = [];
  /** All up to here has been read. */
  readUpTo = 0;

  add(seq: number, expiresAt: number | undefined): void {
    this.readUpTo = Math.max(this.readUpTo, seq);
    if (expiresAt !== undefined) this.waiting.push({ seq, expiresAt });
  }

  /** Taken off the list, oldest first. */
  takeExpired(before: number): number[] {
    const expired = this.waiting.filter(({ expiresAt }) => expiresAt < before);
    if (expired.length > 0) this.waiting = this.waiting.filter(({ expiresAt }) => expiresAt >= before);
    return expired.map(({ seq }) => seq);
  }

  get size(): number {
    return this.waiting.length;
  }
}
