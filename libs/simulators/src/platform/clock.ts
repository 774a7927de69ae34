/** The platform's own time, for windows and lifetimes; what goes over the wire bears the real time. */
export class Clock {
  private ahead = 0;

  now(): number {
    return Date.now() + this.ahead;
  }

  advance(ms: number): void {
    this.ahead += ms;
  }
}
