/** Faults of the platform. A test requests a number of them, and each occurrence uses up one. */
export type Silence = 'taken' | 'lost';
export type Trouble = 'fails' | 'breaks-off';

export class Faults {
  private duplicates = 0;
  private wrongSignatures = 0;
  private readonly refusals: number[] = [];
  private readonly silences: Silence[] = [];
  private readonly delays: number[] = [];
  private readonly troubles: Trouble[] = [];
  private skew = 0;

  /** The next pushes are repeated once after they were accepted. */
  duplicate(times = 1): void {
    this.duplicates += times;
  }

  /** The next push attempts have an invalid signature. */
  wrongSignature(times = 1): void {
    this.wrongSignatures += times;
  }

  /** The next sends fail with this code and are not delivered. */
  refuse(code: number, times = 1): void {
    this.refusals.push(...Array<number>(times).fill(code));
  }

  /** The next sends get no HTTP answer: `taken` ones are delivered to the person, `lost` ones are not. */
  silence(kind: Silence, times = 1): void {
    this.silences.push(...Array<Silence>(times).fill(kind));
  }

  /** The next sends are accepted at once and answered after this delay. */
  answerLate(ms: number, times = 1): void {
    this.delays.push(...Array<number>(times).fill(ms));
  }

  /** The next downloads of media by the account answer HTTP 500. */
  failDownload(times = 1): void {
    this.troubles.push(...Array<Trouble>(times).fill('fails'));
  }

  /** The next downloads of media by the account lose their connection after half of the bytes. */
  breakDownload(times = 1): void {
    this.troubles.push(...Array<Trouble>(times).fill('breaks-off'));
  }

  /** From now on the platform signs with a clock that is ahead by this time (behind, if negative). */
  clockSkew(ms: number): void {
    this.skew = ms;
  }

  /** @internal */
  takeDuplicate(): boolean {
    return this.duplicates > 0 && this.duplicates-- > 0;
  }

  /** @internal */
  takeWrongSignature(): boolean {
    return this.wrongSignatures > 0 && this.wrongSignatures-- > 0;
  }

  /** @internal */
  takeRefusal(): number | undefined {
    return this.refusals.shift();
  }

  /** @internal */
  takeSilence(): Silence | undefined {
    return this.silences.shift();
  }

  /** @internal */
  takeDelay(): number {
    return this.delays.shift() ?? 0;
  }

  /** @internal */
  takeTrouble(): Trouble | undefined {
    return this.troubles.shift();
  }

  /** @internal */
  signingTime(): number {
    return Date.now() + this.skew;
  }
}
