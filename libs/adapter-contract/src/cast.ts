/** The people of the plays, ann of the network under test and sue of the test network, and functions that read what they see. */
import { levelOf, PHRASES, type Feature } from '#protocol';
import type { Expectation, LocalAbility, Seen, Stage } from './stage.js';
import { TemporaryFolder } from './temporary-folder.js';
import type { TestAct } from './test-network.js';

/** Below the time that a test has, so that a failure tells what was seen. */
const PATIENCE_MS = 45_000;
const SUE = 'sue';

/** Ids of the first messages of both sides, which later plays refer to. */
interface Opening {
  hello: string;
  helloAtAnn: string;
  answer: string;
  answerAtSue: string;
}

export class Cast {
  readonly sueName = SUE;
  /** Files that the two send. */
  readonly files = new TemporaryFolder();
  readonly opening: Opening = { hello: '', helloAtAnn: '', answer: '', answerAtSue: '' };
  readonly words: (typeof PHRASES)[keyof typeof PHRASES];

  constructor(
    readonly expected: Expectation,
    private readonly set: () => Stage,
  ) {
    this.words = PHRASES[expected.capabilities.language];
  }

  get stage(): Stage {
    return this.set();
  }

  /** How ann's client names sue. */
  get ghost(): string {
    return this.stage.ghostOf(SUE);
  }

  get annAddress(): string {
    return `${this.stage.ann.native}@${this.stage.network}`;
  }

  shows(feature: Feature): boolean {
    if (feature === 'recall' && this.expected.recallsOnlyUnread !== undefined) return false;
    return levelOf(this.expected.capabilities, feature) > 0;
  }

  can(ability: LocalAbility): boolean {
    return this.expected.annCan.includes(ability);
  }

  /** Ends a play that people of this network cannot act, with a printed reason, so that it is never skipped silently. */
  saysWhyNot(ability: LocalAbility | 'shownName' | 'shownAvatar'): void {
    expect({ ability, why: this.expected.without?.[ability] }).toEqual({
      ability,
      why: expect.stringMatching(/\w+ \w+/),
    });
  }

  /** Sue does something to ann. @returns its native id */
  sue(act: Omit<TestAct, 'from' | 'to' | 'id'>): string {
    return this.stage.far.act({ from: SUE, to: this.annAddress, ...act });
  }

  annSees(what: string, match: (seen: Seen) => boolean): Promise<Seen> {
    return within(
      what,
      () => this.stage.ann.timeline.find(match),
      () => this.seenAndRefused(this.stage.ann.timeline),
    );
  }

  /** What a person saw last, and what sue was told of her messages: shown when a play waits in vain. */
  seenAndRefused(seen: Seen[]): unknown[] {
    const failures = this.stage.far.inbox(SUE).filter(({ kind }) => kind === 'failure');
    return [...seen.slice(-6), ...failures.slice(-2)];
  }

  annReads(text: string): Promise<Seen> {
    return this.annSees(text, (seen) => seen.kind === 'text' && seen.text === text);
  }

  /** Texts that ann received and that have this beginning, oldest first. */
  annHas(beginning: string): string[] {
    return this.stage.ann.timeline.flatMap(({ kind, text }) =>
      kind === 'text' && text?.startsWith(beginning) ? [text] : [],
    );
  }

  sueSees(what: string, match: (act: TestAct) => boolean): Promise<TestAct> {
    return this.sees(SUE, what, match);
  }

  sees(person: string, what: string, match: (act: TestAct) => boolean): Promise<TestAct> {
    return within(
      what,
      () => this.stage.far.inbox(person).find(match),
      () => this.stage.far.inbox(person),
    );
  }
}

export async function within<T>(what: string, find: () => T | undefined, seen: () => unknown[]): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    if (Date.now() > deadline)
      throw new Error(
        `nobody saw ${what}; only:\n${seen()
          .slice(-8)
          .map((one) => JSON.stringify(one))
          .join('\n')}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
