/** Messages that wait for one absent network, with their expiry times. Two numbers each: 100,000 messages take 1 to 2 MB. */
export class WaitingList {
  private waiting: { seq: number; expiresAt: number }[] = [];
  /** Sequence in the stream up to which all messages have been read. */
  readUpTo = 0;

  add(seq: number, expiresAt: number | undefined): void {
    this.readUpTo = Math.max(this.readUpTo, seq);
    if (expiresAt !== undefined) this.waiting.push({ seq, expiresAt });
  }

  /** Removes what expired before this time (ms) from the list. @returns sequences, oldest first */
  takeExpired(before: number): number[] {
    const expired = this.waiting.filter(({ expiresAt }) => expiresAt < before);
    if (expired.length > 0) this.waiting = this.waiting.filter(({ expiresAt }) => expiresAt >= before);
    return expired.map(({ seq }) => seq);
  }

  get size(): number {
    return this.waiting.length;
  }
}
