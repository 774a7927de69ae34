/** Faults of softphones and of their network. A test asks for a number of them, and each occurrence uses up one. */

/** What a phone does with the next MESSAGE. */
export type Fate =
  | { kind: 'taken' }
  | { kind: 'refused'; status: number; reason: string }
  /** No answer at all; it is shown or not. */
  | { kind: 'silent'; shown: boolean }
  /** The first answer is lost; a retransmission of the request is answered. */
  | { kind: 'answer lost' };

type Counted = 'retransmit' | 'duplicate' | 'withhold' | 'failReceipt';

/** Bound of what a test can ask for at once. */
const MOST = 100_000;

export class SipFaults {
  /** Sends every byte of a TCP connection by itself. */
  splitFrames = false;
  private readonly fates: Fate[] = [];
  private readonly counts: Record<Counted, number> = {
    retransmit: 0,
    duplicate: 0,
    withhold: 0,
    failReceipt: 0,
  };

  /** The next MESSAGEs to people are refused with this status, and are not shown. */
  refuse(status: number, times = 1, reason = 'Refused'): void {
    this.plan({ kind: 'refused', status, reason }, times);
  }

  /** The next MESSAGEs to people, and their retransmissions, are not answered: `taken` ones are shown, `lost` ones are not. */
  silence(kind: 'taken' | 'lost', times = 1): void {
    this.plan({ kind: 'silent', shown: kind === 'taken' }, times);
  }

  /** The next MESSAGEs to people are shown, and the first answer to each is lost. */
  loseAnswer(times = 1): void {
    this.plan({ kind: 'answer lost' }, times);
  }

  /** The next MESSAGEs of people are sent twice, as if the first answer came late: the same bytes. */
  retransmit(times = 1): void {
    this.counts.retransmit += times;
  }

  /** The next MESSAGEs of people come twice over different ways: the same message in two transactions. */
  duplicate(times = 1): void {
    this.counts.duplicate += times;
  }

  /** The next receipts that are asked for are not sent. */
  withholdReceipt(times = 1): void {
    this.counts.withhold += times;
  }

  /** The next receipts say that the delivery failed, and the messages are not shown. */
  failReceipt(times = 1): void {
    this.counts.failReceipt += times;
  }

  /** Switches all faults off. */
  heal(): void {
    this.splitFrames = false;
    this.fates.length = 0;
    for (const which of Object.keys(this.counts) as Counted[]) this.counts[which] = 0;
  }

  /** @internal */
  takeFate(): Fate {
    return this.fates.shift() ?? { kind: 'taken' };
  }

  /** @internal */
  take(which: Counted): boolean {
    return this.counts[which] > 0 && this.counts[which]-- > 0;
  }

  private plan(fate: Fate, times: number): void {
    this.fates.push(...Array<Fate>(Math.min(times, MOST)).fill(fate));
  }
}
