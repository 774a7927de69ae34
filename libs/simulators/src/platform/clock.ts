/** Clock of the platform, for send windows and lifetimes. Timestamps on the wire use the real time. */
export class Clock {
  private ahead = 0;

  now(): number {
    return Date.now() + this.ahead;
  }

  advance(ms: number): void {
    this.ahead += ms;
  }
}
