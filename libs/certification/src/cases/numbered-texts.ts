/** Numbered texts of one conversation that are sent behind one another, and what became of each. */
import { wordsOf, type EventId, type MessageEvent, type Outcome } from '#protocol';
import { must } from '../case-failed.js';
import type { CaseContext } from '../case-context.js';

/** Code of a delivery that was interrupted and cannot be repeated without the danger of a second copy. */
const UNCERTAIN = '103';

export class NumberedTexts {
  private readonly token: string;
  private readonly sent: MessageEvent[] = [];

  constructor(private readonly context: CaseContext) {
    this.token = context.token();
  }

  get count(): number {
    return this.sent.length;
  }

  /** Publishes the next texts at the same time, in order. */
  async publish(count: number): Promise<void> {
    const next = Array.from({ length: count }, (_, at) => this.sent.length + at);
    const texts = next.map((n) => this.context.text(`${this.token}${String(n).padStart(4, '0')}.`));
    this.sent.push(...texts);
    await Promise.all(texts.map((event) => this.context.publish(event)));
  }

  /** @throws CaseFailed if there is none in time */
  async firstAnswer(): Promise<void> {
    await this.context.answered(this.token);
  }

  /** Number of texts that are neither answered nor failed. */
  get underWay(): number {
    return this.fates().filter((fate) => !isOver(fate)).length;
  }

  /**
   * Waits until every text was answered or has failed.
   * @param uncertain how many of them may have failed with 103, because they were interrupted
   * @throws CaseFailed if one was lost, shown twice or in another order
   */
  async areAllShownOnce(uncertain = 0): Promise<void> {
    await this.end();
    await this.context.quiet();
    const heard = this.heard();
    this.context.note(`answered in the order ${heard.join(' ')}`);
    const fates = this.fates();
    const none = (which: (fate: Fate) => boolean, words: string, most = 0) => {
      const found = fates.filter(which).map(({ n }) => n);
      must(found.length <= most, `${words}: number ${found.slice(0, 20).join(', ')} of ${this.count}`);
    };
    none(({ end }) => !end, 'no outcome was reported');
    none(({ end }) => end?.stage === 'failed' && end.code !== UNCERTAIN, 'failed');
    none(({ end }) => end?.code === UNCERTAIN, `failed with ${UNCERTAIN}`, uncertain);
    none(
      ({ end, shown }) => end?.stage === 'delivered' && shown === 0,
      'lost: delivered, and never answered',
    );
    none(({ shown }) => shown > 1, 'shown more than once');
    must(
      heard.every((n, at) => at === 0 || n > (heard[at - 1] ?? 0)),
      `answered in another order: ${heard.join(' ')}`,
    );
  }

  /** Waits until all is over, for as long as the next event comes in time: each may take as long as a single one. */
  private async end(): Promise<void> {
    let comes = true;
    while (comes && this.underWay > 0) {
      const before = this.observed();
      comes = await this.context.eventually(() => this.underWay === 0 || this.observed() > before);
    }
  }

  /** Number of answers and outcomes so far. */
  private observed(): number {
    return this.fates().reduce((sum, { end, shown }) => sum + shown + (end ? 1 : 0), 0);
  }

  private fates(): Fate[] {
    const shown = new Map<number, number>();
    for (const n of this.heard()) shown.set(n, (shown.get(n) ?? 0) + 1);
    const ends = new Map<EventId, Outcome>();
    for (const one of this.context.witness.outcomes)
      if (one.stage !== 'submitted' && !ends.has(one.event)) ends.set(one.event, one);
    return this.sent.map(({ id }, n) => ({ n, end: ends.get(id), shown: shown.get(n) ?? 0 }));
  }

  private heard(): number[] {
    return this.context
      .answers(this.token)
      .map(({ data }) => wordsOf(data.content.body))
      .map((words) => Number(words.slice(words.indexOf(this.token) + this.token.length).slice(0, 4)));
  }
}

/** What became of one text. */
interface Fate {
  n: number;
  end: Outcome | undefined;
  /** How often it was answered. */
  shown: number;
}

function isOver({ end, shown }: Fate): boolean {
  return end !== undefined && (shown > 0 || end.stage === 'failed');
}
