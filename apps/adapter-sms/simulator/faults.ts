/** Faults of a carrier's gateway. A test asks for a number of them, and each occurrence uses up one. */

/** What happens to the next segment that is submitted. */
export type Fate =
  | { kind: 'answered' }
  | { kind: 'refused'; code: number }
  | { kind: 'throttled' }
  /** The link breaks before the answer; the segment has arrived or not. */
  | { kind: 'silence'; arrives: boolean }
  /** The segment arrives, the link stays, and no answer comes. */
  | { kind: 'mute' };

type Counted = 'duplicate' | 'reverse' | 'losePart' | 'reportFirst' | 'withhold';

/** Bound of what a test can ask for at once. */
const MOST = 100_000;

export class SmsFaults {
  /** Sends every byte by itself. */
  splitFrames = false;
  private readonly fates: Fate[] = [];
  private readonly counts: Record<Counted, number> = {
    duplicate: 0,
    reverse: 0,
    losePart: 0,
    reportFirst: 0,
    withhold: 0,
  };
  private readonly failures: string[] = [];
  private every = 0;
  private submitted = 0;

  /** The next segments are refused with this code of the protocol, and do not arrive. */
  refuse(code: number, times = 1): void {
    this.plan({ kind: 'refused', code }, times);
  }

  /** The next segments are refused with the protocol's code for flow control. */
  throttle(times = 1): void {
    this.plan({ kind: 'throttled' }, times);
  }

  /** Of all segments, each n-th is refused with the code for flow control; 0: none. */
  throttleEach(nth: number): void {
    this.every = nth;
  }

  /** The link breaks instead of an answer: `taken` segments arrive, `lost` ones do not. */
  silence(kind: 'taken' | 'lost', times = 1): void {
    this.plan({ kind: 'silence', arrives: kind === 'taken' }, times);
  }

  /** The next segments arrive, and are not answered. */
  mute(times = 1): void {
    this.plan({ kind: 'mute' }, times);
  }

  /** The next messages and reports to the service are sent twice. */
  duplicate(times = 1): void {
    this.counts.duplicate += times;
  }

  /** The parts of the next long messages of people are sent in reverse. */
  reverseParts(times = 1): void {
    this.counts.reverse += times;
  }

  /** The last part of the next long messages of people is lost. */
  losePart(times = 1): void {
    this.counts.losePart += times;
  }

  /** The next reports are sent before the answer to the submit. */
  reportFirst(times = 1): void {
    this.counts.reportFirst += times;
  }

  /** The next reports name this state, and the segments do not arrive. */
  failReport(state = 'UNDELIV', times = 1): void {
    this.failures.push(...Array<string>(Math.min(times, MOST)).fill(state));
  }

  /** The next reports are never sent. */
  withholdReport(times = 1): void {
    this.counts.withhold += times;
  }

  /** @internal */
  takeFate(): Fate {
    const planned = this.fates.shift();
    if (planned) return planned;
    this.submitted++;
    return this.every > 0 && this.submitted % this.every === 0 ? { kind: 'throttled' } : { kind: 'answered' };
  }

  /** @internal */
  take(which: Counted): boolean {
    return this.counts[which] > 0 && this.counts[which]-- > 0;
  }

  /** @internal */
  takeFailure(): string | undefined {
    return this.failures.shift();
  }

  private plan(fate: Fate, times: number): void {
    this.fates.push(...Array<Fate>(Math.min(times, MOST)).fill(fate));
  }
}
