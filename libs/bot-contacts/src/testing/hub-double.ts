/** A hub in memory that records what an adapter hands over, for tests that nothing disappears. */
import { pino } from 'pino';
import { InboundQueue } from '#adapter-kit';
import type {
  BriefWindow,
  Delivered,
  Hub,
  LateReport,
  Memory,
  MessageDraft,
  MessageRef,
  NotCarried,
  ReactionChange,
  ReportedOn,
} from '#adapter-kit';
import { EVENT_SCHEMAS, HubError, network, type Address, type EventId } from '#protocol';
import { memoryDouble } from './memory-double.js';

export interface HubDoubleOptions {
  /** The person has written to `im:alice@far` before, and writes to her still. */
  talked?: boolean;
  /** What the hub answers to every message. */
  refuses?: HubError | undefined;
  /** Addresses behind the names of ghosts. */
  ghosts?: Readonly<Record<string, Address>>;
  /** What is sent at most once is really sent; else only its key is recorded. */
  sends?: boolean;
  /** Messages that crossed, by native id. */
  crossed?: Readonly<Record<string, MessageRef>>;
}

export class HubDouble {
  readonly submitted: MessageDraft[] = [];
  readonly notCarried: NotCarried[] = [];
  /** Who was heard, and what an act without words allows. */
  readonly heard: [person: Address, brief?: BriefWindow][] = [];
  readonly outcomes: { of: ReportedOn; report: LateReport }[] = [];
  /** Keys of what the adapter sent into its network, at most once each. */
  readonly sent: string[] = [];
  readonly log = pino({ level: 'silent' });
  private readonly stored = new Map<string, unknown>();

  constructor(private readonly options: HubDoubleOptions = {}) {}

  get hub(): Hub {
    const { refuses, ghosts = {}, crossed = {} } = this.options;
    const { memory, log } = this;
    return {
      log,
      memory,
      recent: memory,
      inbound: new InboundQueue(),
      heard: (person: Address, _at: Date, brief?: BriefWindow) =>
        Promise.resolve(void this.heard.push(brief ? [person, brief] : [person])),
      canonical: (address: Address) => address,
      peers: () => [network('far')],
      resolve: () => Promise.resolve({ code: '14' }),
      findNative: (native: string) => Promise.resolve(crossed[native]),
      findReferred: (native: string) => Promise.resolve(crossed[native]),
      reactionsAfter: (_: unknown, change: ReactionChange) => {
        const current = 'current' in change ? change.current : [];
        return Promise.resolve({ add: current, remove: [], current });
      },
      submitOutcome: (of: ReportedOn, report: LateReport) =>
        Promise.resolve(void this.outcomes.push({ of, report })),
      rememberedGhost: (name: string) =>
        ghosts[name] === undefined
          ? Promise.reject(new HubError('14', 'nobody of that name has been here'))
          : Promise.resolve(ghosts[name]),
      notCarried: (input: NotCarried) => void this.notCarried.push(input),
      atMostOnce: (key: string, send: () => Promise<Delivered>) => {
        this.sent.push(key);
        return this.options.sends ? send() : Promise.resolve({ native: [] });
      },
      submitMessage: (draft: MessageDraft) => (refuses ? Promise.reject(refuses) : this.submit(draft)),
    } as unknown as Hub;
  }

  /**
   * @param work returns words that it answers, if it returns its answers
   * @returns what became of one input; undefined: it disappeared
   */
  async traceOf(work: () => Promise<string | undefined | void>): Promise<string | undefined> {
    const before = [this.submitted.length, this.notCarried.length, this.sent.length] as const;
    const outcomes = this.outcomes.length;
    let words: string | undefined | void;
    try {
      words = await work();
    } catch (thrown) {
      return thrown instanceof HubError && thrown.verdict === 'retry' ? 'delivered again' : undefined;
    }
    if (this.submitted.length > before[0]) return 'event';
    if (this.outcomes.length > outcomes) return 'outcome';
    if (this.notCarried.length > before[1]) return `not carried: ${this.notCarried.at(-1)?.kind}`;
    return words !== undefined || this.sent.length > before[2] ? 'words' : undefined;
  }

  private get memory(): Memory {
    const known = this.options.talked
      ? { people: [{ address: 'im:alice@far' }], recent: [0], chosen: 0 }
      : undefined;
    const memory = memoryDouble(this.stored);
    const before = (key: string) => (key.startsWith('talk.') ? structuredClone(known) : undefined);
    return {
      ...memory,
      get: async (key) => (await memory.get(key)) ?? before(key),
      change: (key, work) => memory.change(key, (stored) => work(stored ?? before(key))),
    };
  }

  private submit(draft: MessageDraft): Promise<EventId> {
    const { from, to, content } = draft;
    const parsed = EVENT_SCHEMAS.message.shape.data.shape.content.safeParse(content);
    if (!parsed.success || Number.isNaN(draft.sentAt.getTime()))
      return Promise.reject(new HubError('30', `not an event from ${from.address} to ${to}`));
    this.submitted.push(draft);
    return Promise.resolve('id' as EventId);
  }
}
