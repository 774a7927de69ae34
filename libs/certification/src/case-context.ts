/** Context of the cases of one run: test people, the network under test, and the bus between them. */
import {
  adapterConsumerInfos,
  CONSUMER_GROUP,
  type AccountRegistry,
  type BusConnection,
  type BusSession,
  type LiveConnection,
  type MediaGrants,
  type OrderedPublisher,
} from '#bus';
import {
  addressOf,
  directConversation,
  encodeEvent,
  laneOf,
  STREAMS,
  subjects,
  wordsOf,
  type Address,
  type Capabilities,
  type ConversationId,
  type DurableEvent,
  type EventId,
  type MessageEvent,
  type Network,
  type Outcome,
  type ResultCode,
} from '#protocol';
import { CaseFailed, must } from './case-failed.js';
import { idOf, textOf, type Between } from './events.js';
import type { Ask, Evidence } from './report.js';
import { ANNA, BERT } from './test-people.js';
import type { Witness } from './witness.js';

export interface CaseOptions {
  network: Network;
  loopback: string;
  stranger: string;
  run: string;
  patienceMs: number;
  /** Shows in the report what the operator is to do now; undefined: nothing. */
  ask: (what: Ask | undefined) => void;
}

/** The parts of the bus that the certifier uses. */
export interface CertifierBus {
  link: BusConnection;
  publisher: Pick<OrderedPublisher, 'publish'>;
  grants: MediaGrants;
  accounts: Pick<AccountRegistry, 'connectionsOf' | 'cut'>;
}

export interface BusAccess extends CertifierBus {
  session: BusSession;
}

/** An event of the run, and its number in the stream. */
interface Published {
  event: DurableEvent;
  sequence: number;
}

/** Time to wait for a repeated event. Repeated events arrive close together. */
const QUIET_MS = 400;
/** Time for the operator to do what is asked, by hand or by a command. */
const OPERATOR_MS = 120_000;

export class CaseContext {
  evidence: Evidence[] = [];
  /** Events of the run, each as it was first stored. */
  readonly published: Published[] = [];
  private counter = 0;
  readonly loopback: Address;
  readonly stranger: Address;

  constructor(
    readonly options: CaseOptions,
    readonly bus: BusAccess,
    readonly witness: Witness,
  ) {
    this.loopback = addressOf(options.network, options.loopback);
    this.stranger = addressOf(options.network, options.stranger);
  }

  get network(): Network {
    return this.options.network;
  }

  /** Capabilities of the last sign-on. @throws CaseFailed without a sign-on */
  get capabilities(): Capabilities {
    const { signOn } = this.witness;
    must(signOn !== undefined, 'no adapter is signed on');
    return signOn.body.capabilities;
  }

  note(what: string, more: { event?: EventId; code?: ResultCode } = {}): void {
    this.evidence.push({ at: new Date().toISOString(), what: what.slice(0, 1000), ...more });
  }

  between(to: Address = this.loopback, from = ANNA): Between {
    return { from, to, network: this.network };
  }

  newId(kind: string): EventId {
    return idOf(this.options.run, kind, this.counter++);
  }

  /** A text that is found again inside other text, because a bot account adds the author. */
  token(): string {
    return `#${this.options.run}-${this.counter++}#`;
  }

  text(words: string, between = this.between()): MessageEvent {
    return textOf(this.newId('message'), between, words);
  }

  /** Publishes an event like the switch. @param again suffix of the message id, to store the same event again */
  async publish(event: DurableEvent, again = ''): Promise<number> {
    const stored = await this.publishRaw(
      event.subject,
      encodeEvent(this.bus.grants.granted(event, this.network)),
      `${event.id}:${this.network}${again}`,
    );
    if (again === '') this.published.push({ event, sequence: stored });
    this.note(`published as number ${stored} of ${STREAMS.out}`, { event: event.id });
    return stored;
  }

  async publishRaw(
    conversation: ConversationId,
    payload: Uint8Array | string,
    messageId: string,
  ): Promise<number> {
    const subject = subjects.out(this.network, laneOf(conversation));
    return (await this.bus.publisher.publish(subject, payload, messageId)).seq;
  }

  /** The final outcome of an event. A network that answers twice first reports `submitted`. */
  async outcomeOf({ id }: Pick<DurableEvent, 'id'>): Promise<Outcome> {
    const outcome = await this.witness.until(
      `the outcome of ${id}`,
      () => this.witness.outcomes.find(({ event, stage }) => event === id && stage !== 'submitted'),
      this.options.patienceMs,
    );
    const detail = outcome.detail === undefined ? '' : ` (${outcome.detail})`;
    this.note(`reported ${outcome.stage}${detail}`, { event: id, code: outcome.code });
    return outcome;
  }

  /** Waits a moment for what is shown a second time. @throws CaseFailed with the problem */
  async shownOnce(token: string, problem: string): Promise<void> {
    await this.quiet();
    if (this.answers(token).length !== 1) throw new CaseFailed(problem);
  }

  /** Waits a moment for what is shown late. @throws CaseFailed with the problem */
  async notShown(token: string, problem: string): Promise<void> {
    await this.quiet();
    if (this.answers(token).length > 0) throw new CaseFailed(problem);
  }

  /** Answers of the loopback that contain the token, oldest first. */
  answers(token: string): MessageEvent[] {
    return this.witness.heard.filter(
      (event): event is MessageEvent =>
        event.type === 'im.hutong.message.v1' && wordsOf(event.data.content.body).includes(token),
    );
  }

  async answerTo(token: string, { from, to } = this.between()): Promise<MessageEvent> {
    const answer = await this.answered(token);
    const { data, subject } = answer;
    must(data.from.address === to, `the answer came from ${data.from.address}, not from ${to}`);
    must(data.to === from.address, `the answer went to ${data.to}, not to ${from.address}`);
    must(
      subject === directConversation(from.address, to),
      `the answer is of conversation ${subject}, not of that of the two`,
    );
    return answer;
  }

  /** An answer with the token, to any test person. */
  async answered(token: string): Promise<MessageEvent> {
    const answer = await this.witness.until(
      `the loopback's answer to ${token}`,
      () => this.answers(token)[0],
      this.options.patienceMs,
    );
    this.note('answered by the loopback', { event: answer.id });
    return answer;
  }

  /** Sends a text and follows it there and back. */
  async roundTrip(between = this.between()): Promise<{ sent: MessageEvent; answer: MessageEvent }> {
    const token = this.token();
    const sent = this.text(`Are you there? ${token}`, between);
    await this.publish(sent);
    await this.delivered(sent);
    return { sent, answer: await this.answerTo(token, between) };
  }

  async delivered(event: DurableEvent): Promise<Outcome> {
    const outcome = await this.outcomeOf(event);
    must(
      outcome.stage === 'delivered' && outcome.code === '00',
      `expected delivered with 00, reported was ${outcome.stage} with ${outcome.code}`,
    );
    return outcome;
  }

  async refused(event: DurableEvent, codes: readonly ResultCode[]): Promise<void> {
    const outcome = await this.outcomeOf(event);
    must(
      outcome.stage === 'failed' && codes.includes(outcome.code),
      `expected failed with ${codes.join(' or ')}, reported was ${outcome.stage} with ${outcome.code}`,
    );
  }

  /** Waits until an event is acknowledged on the bus; otherwise it would be redelivered. */
  async acknowledged(sequence: number): Promise<void> {
    const deadline = Date.now() + this.options.patienceMs;
    const stored = await this.bus.session.jsm.streams.getMessage(STREAMS.out, { seq: sequence });
    const subject = stored?.subject;
    while (Date.now() < deadline) {
      const infos = await adapterConsumerInfos(this.bus.session, this.network);
      const info = infos.find(({ config }) => config.filter_subject === subject) ?? infos[0];
      if (info && info.num_ack_pending === 0 && info.delivered.stream_seq >= sequence) return;
      if (info && info.ack_floor.stream_seq >= sequence) return;
      await this.pause(100);
    }
    throw new CaseFailed(`number ${sequence} of ${STREAMS.out} was not acknowledged on the bus`);
  }

  /** Connections of the network to the bus. @throws CaseFailed if there is none */
  async connections(): Promise<LiveConnection[]> {
    const live = await this.bus.accounts.connectionsOf(this.network);
    must(live.length > 0, 'the adapter has no connection to the bus');
    return live;
  }

  /** Cuts them as a failure of the line or of a server does. */
  async cut(connections: readonly LiveConnection[]): Promise<void> {
    await this.bus.accounts.cut(connections);
    this.note(`connections cut: ${connections.length}`);
  }

  /** Makes the bus deliver again what is unacknowledged, to any instance, as when another instance takes over. */
  async takeOver(): Promise<void> {
    const { session } = this.bus;
    const { consumers: api } = session.jsm;
    for (const { name } of await adapterConsumerInfos(session, this.network)) {
      await api.unpin(STREAMS.out, name, CONSUMER_GROUP);
      const { reset_seq } = await api.reset(STREAMS.out, name);
      this.note(`consumer ${name} was unpinned, and reset to number ${reset_seq}`);
    }
  }

  /** Asks the operator for something. @throws CaseFailed if it is not observed in time */
  async asked(what: Ask, words: string, observed: () => boolean): Promise<void> {
    this.options.ask(what);
    this.note(`the operator was asked: ${what}`);
    try {
      await this.witness.until(words, () => observed() || undefined, OPERATOR_MS);
    } finally {
      this.options.ask(undefined);
    }
  }

  /** Waits until the condition holds. @returns false if it does not hold in time */
  async eventually(holds: () => boolean): Promise<boolean> {
    try {
      await this.witness.until('the condition', () => holds() || undefined, this.options.patienceMs);
      return true;
    } catch (error) {
      if (error instanceof CaseFailed && !this.bus.session.ended.aborted) return false;
      throw error;
    }
  }

  /** Waits for events that must not arrive. */
  quiet(): Promise<void> {
    return this.pause(QUIET_MS);
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  bertToLoopback(): Between {
    return this.between(this.loopback, BERT);
  }
}
