/**
 * Receives what a network publishes and keeps what concerns the certifier. It uses plain subscriptions, not the consumers of the hub,
 * and ignores other traffic of the network.
 */
import type { BusSession } from '#bus';
import {
  adapterConsumers,
  ANY,
  CERTIFY,
  DeadLetter,
  decodeEvent,
  decodeOutcome,
  laneOf,
  SignOff,
  SignOn,
  STREAMS,
  reportSubjects,
  subjects,
  toHubError,
  type EventId,
  type HubEvent,
  type Network,
  type Outcome,
} from '#protocol';
import { CaseFailed } from './case-failed.js';

/** Maximum numbers of acknowledgements and instances that are kept; the oldest are dropped first. */
const MOST_ACKS = 20_000;
const MOST_INSTANCES = 100;

const OURS = `@${CERTIFY}`;

export class Witness {
  readonly outcomes: Outcome[] = [];
  /** Events from the network to test people, each once. */
  readonly heard: HubEvent[] = [];
  readonly letters: DeadLetter[] = [];
  /** Descriptions of invalid events and outcomes. */
  readonly unreadable: string[] = [];
  signOn: { body: SignOn; at: number } | undefined;
  /** Why the last sign-on does not match its schema. */
  badSignOn: string | undefined;
  /** By instance: when it last sent a sign-on or heartbeat. */
  readonly instances = new Map<string, number>();
  /** Instances that signed off. */
  readonly signedOff = new Set<string>();
  /** Order in which outcomes and acknowledgements were published, by event and by number in the stream. */
  private readonly outcomeOrder = new Map<EventId, number>();
  private readonly ackOrder = new Map<number, number>();
  private published = 0;
  private readonly looking = new Set<() => void>();
  private readonly ids = new Set<string>();
  private readonly closing: (() => void)[] = [];

  constructor(
    private readonly session: BusSession,
    private readonly network: Network,
  ) {
    this.listen(subjects.in(network, ANY), (text, subject) => this.event(text, subject));
    this.listen(subjects.signalIn(network), (text) => this.event(text));
    for (const subject of reportSubjects(network)) this.listen(subject, (text) => this.outcome(text));
    this.listen(subjects.dead(network), (text) => this.letter(text));
    for (const durable of adapterConsumers(network))
      this.listen(`$JS.ACK.${STREAMS.out}.${durable}.>`, (text, subject) =>
        this.acknowledgement(text, subject),
      );
    this.listen(subjects.control('signoff', network), (text) => this.signOff(text));
    for (const verb of ['signon', 'heartbeat'] as const)
      this.listen(subjects.control(verb, network), (text) => this.beat(text));
  }

  /** Whether this number of the stream was acknowledged before an outcome of the event was published. */
  isAcknowledgedFirst(sequence: number, event: EventId): boolean {
    const acknowledged = this.ackOrder.get(sequence);
    return acknowledged !== undefined && acknowledged < (this.outcomeOrder.get(event) ?? Infinity);
  }

  /** Instances that have sent a heartbeat since this time, ms. */
  instancesSince(at: number): string[] {
    return [...this.instances].filter(([, seen]) => seen > at).map(([instance]) => instance);
  }

  /** @throws CaseFailed if it does not arrive in time, or the connection to the bus ends */
  async until<T>(what: string, find: () => T | undefined, ms: number): Promise<T> {
    const deadline = Date.now() + ms;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.session.ended.aborted) throw new CaseFailed('the connection to the bus ended');
      const left = deadline - Date.now();
      if (left <= 0) throw new CaseFailed(`${what} did not arrive within ${ms / 1000} s`);
      await this.next(left);
    }
  }

  /** Waits for the next message, at most this time. */
  private next(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        clearTimeout(timer);
        this.looking.delete(look);
        resolve();
      };
      const timer = setTimeout(look, Math.min(ms, 250));
      this.looking.add(look);
    });
  }

  private listen(subject: string, take: (text: string, subject: string) => void): void {
    const subscription = this.session.nc.subscribe(subject, {
      callback: (error, message) => {
        if (error) return;
        take(message.string(), message.subject);
        for (const look of this.looking) look();
      },
    });
    this.closing.push(() => subscription.unsubscribe());
  }

  close(): void {
    for (const close of this.closing) close();
  }

  private event(text: string, subject?: string): void {
    if (!text.includes(OURS)) return;
    this.reading('an event', () => {
      const event = decodeEvent(Buffer.from(text));
      // The same event stored again is no second message: stream and switch ignore a known id.
      if (this.ids.has(event.id)) return;
      this.ids.add(event.id);
      this.heard.push(event);
      const expected = subjects.in(this.network, laneOf(event.subject));
      const isExpected = subject === expected || subject === subjects.event(this.network, event.id);
      if (subject !== undefined && !isExpected)
        this.unreadable.push(`${event.id} came on ${subject}, its lane is ${expected}`);
      if (event.source !== `/network/${this.network}`)
        this.unreadable.push(`${event.id} gives ${event.source} as its source`);
    });
  }

  private outcome(text: string): void {
    if (!text.includes(OURS)) return;
    this.reading('an outcome', () => {
      const outcome = decodeOutcome(Buffer.from(text));
      if (!this.outcomeOrder.has(outcome.event)) this.outcomeOrder.set(outcome.event, this.published++);
      this.outcomes.push(outcome);
    });
  }

  private letter(text: string): void {
    this.reading('a dead letter', () => this.letters.push(DeadLetter.parse(JSON.parse(text))));
  }

  /** Subject of an acknowledgement: `$JS.ACK.<stream>.<consumer>.<deliveries>.<number in the stream>.…` */
  private acknowledgement(text: string, subject: string): void {
    const sequence = Number(subject.split('.')[5]);
    if (text !== '' && !text.startsWith('+ACK')) return;
    if (!this.ackOrder.has(sequence)) this.ackOrder.set(sequence, this.published++);
    dropOldest(this.ackOrder, MOST_ACKS);
  }

  private signOff(text: string): void {
    this.reading('a sign-off', () => {
      if (this.signedOff.size < MOST_INSTANCES) this.signedOff.add(SignOff.parse(JSON.parse(text)).instance);
    });
  }

  private beat(text: string): void {
    try {
      const body = SignOn.parse(JSON.parse(text));
      this.signOn = { body, at: Date.now() };
      this.instances.delete(body.instance);
      this.instances.set(body.instance, Date.now());
      dropOldest(this.instances, MOST_INSTANCES);
    } catch (error) {
      this.badSignOn = toHubError(error).detail.slice(0, 300);
    }
  }

  private reading(what: string, read: () => void): void {
    try {
      read();
    } catch (error) {
      this.unreadable.push(`${what} that is none: ${toHubError(error).detail.slice(0, 300)}`);
    }
  }
}

function dropOldest<Key>(map: Map<Key, unknown>, most: number): void {
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
