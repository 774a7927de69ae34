/** Measures the phases of a start. Phases may overlap, because independent ones run at the same time. */

export interface Phase {
  name: string;
  /** ms since the start began */
  from: number;
  /** ms */
  took: number;
}

export class Phases {
  private readonly ended: Phase[] = [];
  private readonly began: number;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.began = now();
  }

  /** Phases that have ended without an error, in the order in which they began. */
  get list(): readonly Phase[] {
    return this.ended.toSorted((one, other) => one.from - other.from);
  }

  async measure<Result>(name: string, run: () => Promise<Result>): Promise<Result> {
    const from = this.now() - this.began;
    const result = await run();
    this.ended.push({ name, from, took: this.now() - this.began - from });
    return result;
  }
}
