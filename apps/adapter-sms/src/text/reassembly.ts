/**
 * Joins the segments of incoming texts. A segment is answered when it is stored, and the text is passed on when its last segment
 * is there; in the memory for 30 days, by person: `parts.<digest>`.
 */
import { hash } from 'node:crypto';
import type { Memory } from '#adapter-kit';
import { LruCache } from '#service';
import {
  NOTHING_OPEN,
  overdue,
  withDone,
  withSegment,
  type JoinedText,
  type JoiningSegment,
  type OpenTexts,
} from './open-texts.js';

const PREFIX = 'parts.';
/** People with open texts that are remembered here; those of others are found at the next start. */
const MOST_PEOPLE = 20_000;

interface Stored extends OpenTexts {
  person: string;
}

export interface ReassemblyOptions {
  memory: Pick<Memory, 'get' | 'change' | 'entries'>;
  /** How long a text waits for its missing segments, ms. */
  waitMs: number;
  now?: () => number;
}

export class Reassembly {
  /** When the oldest open text of a person began, ms since 1970. */
  private readonly since = new LruCache<string, number>({ max: MOST_PEOPLE });
  private readonly now: () => number;

  constructor(private readonly options: ReassemblyOptions) {
    this.now = options.now ?? Date.now;
  }

  /** Finds the texts that an earlier process left open. @throws HubError 91 */
  async start(): Promise<void> {
    for await (const [, value] of this.options.memory.entries(`${PREFIX}*`))
      if (isStored(value)) this.note(value.person, value);
  }

  /** One call at a time for each person. @returns what is to be passed on, after which `passedOn` is called. @throws HubError 91 */
  async add(segment: JoiningSegment): Promise<JoinedText[]> {
    const { waitMs } = this.options;
    let ready: JoinedText[] = [];
    await this.change(segment.person, (texts) => {
      const added = withSegment(texts, segment, { now: this.now(), waitMs });
      ready = added.ready;
      return added.texts;
    });
    return ready;
  }

  async passedOn(person: string, texts: readonly JoinedText[]): Promise<void> {
    if (texts.length > 0) await this.change(person, (before) => withDone(before, texts, this.now()));
  }

  /** People who may have texts that waited for too long. */
  late(): string[] {
    const before = this.now() - this.options.waitMs;
    return [...this.since.entries()].filter(([, at]) => at <= before).map(([person]) => person);
  }

  /** What waited for too long, to be passed on as it is. @throws HubError 91 */
  async overdue(person: string): Promise<JoinedText[]> {
    const stored = await this.options.memory.get(keyOf(person));
    const texts = isStored(stored) ? stored : NOTHING_OPEN;
    this.note(person, texts);
    return overdue(texts, this.now() - this.options.waitMs);
  }

  private async change(person: string, work: (texts: OpenTexts) => OpenTexts): Promise<void> {
    await this.options.memory.change(keyOf(person), (value) => {
      const texts = work(isStored(value) ? value : NOTHING_OPEN);
      this.note(person, texts);
      return Promise.resolve({ person, ...texts } satisfies Stored);
    });
  }

  private note(person: string, { open }: OpenTexts): void {
    if (open.length === 0) this.since.delete(person);
    else this.since.set(person, Math.min(...open.map(({ at }) => at)));
  }
}

function isStored(value: unknown): value is Stored {
  return typeof value === 'object' && value !== null && 'open' in value && Array.isArray(value.open);
}

function keyOf(person: string): string {
  return PREFIX + hash('sha256', person, 'base64url').slice(0, 27);
}
