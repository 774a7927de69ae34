/**
 * What the kit offers to an adapter, as `hub`. The contract of each method stands at the method.
 *
 * All methods may be called from `Adapter.start` on, at any time, any number at once, until the promise of `Adapter.stop`
 * resolves. Methods that return a promise wait while the bus is away, unless the method says otherwise; none of them
 * blocks another one.
 */
import { ask, type BusConnection, type OrderedPublisher } from '#bus';
import {
  HubError,
  networkOf,
  RequestProblem,
  requests,
  type Address,
  type Availability,
  type CanonicalAddresses,
  type EventId,
  type Network,
  type Party,
  type Reactions,
  type ResolveReply,
  type TypingEvent,
} from '#protocol';
import { LruCache, type Log } from '#service';
import { sendAtMostOnce, type MarkMemory } from './at-most-once.js';
import type { AttachmentHandling as AttachmentHandlingClass } from './attachments/attachment-handling.js';
import type { AttachmentPipeline } from './attachments/attachment-pipeline.js';
import { inCanonicalForm } from './canonical-drafts.js';
import type { OwnCalls } from './calls/own-calls.js';
import type { Correlation } from './correlation.js';
import type { Delivered, MessageRef } from './delivered.contract.js';
import type {
  CallDraft,
  ContactDraft,
  MessageDraft,
  NativeProfile,
  ReceiptDraft,
} from './drafts.contract.js';
import type { EphemeralEvents } from './ephemeral-events.js';
import { InboundQueue } from './inbound-queue.js';
import type { Ingress } from './ingress.js';
import type { EarlyReports } from './early-reports.js';
import type { LateOutcomes, LateReport, ReportedOn } from './late-outcomes.js';
import type { Memory } from './memory.contract.js';
import { recordNotCarried, type NotCarried } from './not-carried.js';
import { ReactionState, type ReactionChange, type Reacting } from './reaction-state.js';
import type { OwnProfiles } from './profiles/own-profiles.js';
import type { RemoteProfiles } from './profiles/remote-profiles.js';
import type { BriefWindow } from './reply-window.js';
import type { SignOn } from './sign-on.js';
import type { UnderWay } from './under-way.js';
import type { WindowQueue } from './window-queue.js';

/** The public methods only, so that tests can stand in for them. */
export type AttachmentHandling = Pick<AttachmentHandlingClass, keyof AttachmentHandlingClass>;
export type Hub = Pick<AdapterHub, keyof AdapterHub>;

export interface AdapterHubOptions {
  network: Network;
  connection: BusConnection;
  log: Log;
  publisher: OrderedPublisher;
  memory: Memory;
  recent: Memory & MarkMemory;
  correlation: Correlation;
  signOn: SignOn;
  canonical: CanonicalAddresses;
  ephemeral: EphemeralEvents;
  ingress: Ingress;
  pipeline: AttachmentPipeline;
  attachments: AttachmentHandling;
  late: LateOutcomes;
  early: EarlyReports;
  underWay: UnderWay;
  windows: Pick<WindowQueue, 'heard'>;
  calls: OwnCalls;
  profiles: { own: OwnProfiles; remote: RemoteProfiles };
}

/** How long an answer about a remote subscriber is cached, ms. */
const RESOLVED_MS = 30_000;
const RESOLVE_TIMEOUT_MS = 5000;
/** How long a reference to a message waits for the end of what is delivered meanwhile, ms. */
const REFERRED_MS = 5000;

export class AdapterHub {
  readonly log: Log;
  /** The adapter's own durable memory. */
  readonly memory: Memory;
  /** Memory for what refers to messages: a value is deleted 30 days after it was written. */
  readonly recent: Memory;
  readonly attachments: AttachmentHandling;
  /** Calls of people whose network carries no session descriptions: the media gateway stands in for them. */
  readonly calls: Pick<OwnCalls, keyof OwnCalls>;
  /** The queues of what this network sends, one for each native conversation. Every input goes through them. */
  readonly inbound = new InboundQueue();

  /** Key: asker + address, since the answer may depend on who asks. */
  private readonly resolved = new LruCache<string, ResolveReply>({ max: 10_000, ttl: RESOLVED_MS });
  private readonly reactionState: ReactionState;
  private readonly ghosts = new LruCache<string, Address>({ max: 10_000 });

  constructor(private readonly options: AdapterHubOptions) {
    this.log = options.log;
    this.memory = options.memory;
    this.recent = options.recent;
    this.attachments = options.attachments;
    this.calls = options.calls;
    this.reactionState = new ReactionState(options.network, options.recent);
  }

  /**
   * Submits a native message. Resolves when the message is on disk: only then acknowledge the native event (promise 1). Wait for
   * the promise without a time limit; if the network gives up earlier and sends again, submit again: the event is stored once.
   *
   * Calls for one sender are stored in the order of the calls. Where two senders of a conversation must keep their order,
   * wait for the first call before the second. The first message of a person waits up to 2 s for their profile, a message
   * right after a change of avatar up to 3 s. Attachments are fetched afterwards; later messages of the conversation
   * wait for them, but their promises do not.
   *
   * @returns the id of the event; also for an echo of what the kit delivered, which is not stored again
   * @throws HubError 30 for a draft that is no valid event, or an address that cannot exist: refuse the native message. 65 when
   * 1000 messages of the conversation wait for attachments; 91 when 100,000 publications wait for the bus: let the network try again
   */
  async submitMessage(draft: MessageDraft): Promise<EventId> {
    if (!draft.media?.length) this.options.pipeline.pauseTransfersForText();
    return this.options.ingress.submitMessage(await this.withSender(draft));
  }

  /** Submits a receipt of this network's subscriber. Promise and errors as for `submitMessage`, except 65. */
  async submitReceipt(draft: ReceiptDraft): Promise<EventId> {
    if (draft.basis === 'user-device')
      for (const id of draft.messages) this.options.late.confirm({ id, author: networkOf(draft.to) });
    return this.options.ingress.submitReceipt(await this.withSender(draft));
  }

  /** Submits a contact request, or the answer to one. Promise and errors as for `submitMessage`, except 65. */
  async submitContact(draft: ContactDraft): Promise<EventId> {
    return this.options.ingress.submitContact(await this.withSender(draft));
  }

  /**
   * Submits what this network's subscriber did in a call. For networks that carry session descriptions; others `calls.begin`.
   * Promise and errors as for `submitMessage`, except 65.
   * @returns the id of the event, which is the id of the call if it is an invitation
   */
  async submitCall(draft: CallDraft): Promise<EventId> {
    return this.options.ingress.submitCall(await this.withSender(draft));
  }

  /**
   * What a person's reactions to a message are after a change, for `content.reactions`: an event carries the change and the full
   * set, and a network sends one of the two. Stores the set.
   * @throws HubError 91
   */
  reactionsAfter(reacting: Reacting, change: ReactionChange): Promise<Reactions> {
    return this.reactionState.after(reacting, change);
  }

  /**
   * The network reports what became of a message after it had accepted it. An outcome only moves forward: a repeated report,
   * and one that contradicts what is known, changes nothing. A failure reaches the sender in their own network.
   *
   * A report names the native message that it is about. Where a message became several, it has arrived when all of them have, and
   * failed when one has: its sender reads that it was not delivered, also if a part of it was.
   *
   * The report may come before the delivery has ended. Where its message is not known yet, it is kept for up to 10 minutes;
   * if nobody knows the message by then, it is recorded as not carried.
   * @param of the event, or the id of a native message that it became, or both, where the network brings back the event with each
   * native message. The event alone: the report holds for all of it
   * @returns when it is stored: acknowledge the native report then
   * @throws HubError 65 when 1,000 reports about unknown messages wait, 91
   */
  async submitOutcome(of: ReportedOn, report: LateReport): Promise<void> {
    const { late, early } = this.options;
    if ('id' in of) await late.report(of, report, of.native);
    else if (!(await reportNative(this.options, of.native, report))) await early.keep(of.native, report);
  }

  /**
   * A person of this network wrote, if only a command: their reply window begins anew (`limits.replyWindowMs`). Where an adapter
   * calls this for every message of a person, the kit refuses what is outside of the window (101) or beyond its quota (102)
   * before it is tried, counted by all processes together, and delivers what waited for the window. Without that call the
   * network alone decides.
   * @param at by the clock of the network
   * @param brief the person did something without words (a button of the account), after which the network takes so many
   * messages for so long. @throws HubError 30 as `canonical`, 91
   */
  async heard(person: Address, at: Date, brief?: BriefWindow): Promise<void> {
    await this.options.windows.heard(this.options.canonical.of(person), at, brief);
  }

  /**
   * Records a native input that can neither become an event (in words) nor be refused to its sender: it is counted, logged and
   * stored as a dead letter in the background. Returns at once, never throws.
   */
  notCarried(input: NotCarried): void {
    const { network, publisher, log } = this.options;
    recordNotCarried(network, publisher, log, input);
  }

  /** The other networks that are live, as of the last heartbeat. Empty until the first one, which follows `start`. */
  peers(): Network[] {
    return this.options.signOn.peers();
  }

  /** Calls `listener` at once with `peers()`, and again at every change. An error of the listener is logged. */
  onPeers(listener: (peers: Network[]) => void): void {
    this.options.signOn.onPeers(listener);
  }

  /**
   * The one spelling of an address of this network (`capabilities().ids`) or of a remote one. The kit makes every address that
   * is submitted or asked for canonical; an adapter needs this only for what it stores by address.
   * @throws HubError 30 when nobody of that network can have the id; the detail says what is expected
   */
  canonical(address: Address): Address {
    return this.options.canonical.of(address);
  }

  /**
   * The network reported a person's name or avatar. Returns at once; the kit stores it in the background, and later events
   * carry it. @throws HubError 30 as `canonical`
   */
  learn(address: Address, profile: NativeProfile): void {
    const { profiles, canonical } = this.options;
    profiles.own.learn(canonical.of(address), profile);
  }

  /**
   * Sends a typing notification. Returns at once; it is dropped while the bus is away.
   * @param ttlMs how long it may be shown, ms
   * @throws HubError 30 as `canonical`
   */
  typing(from: Party, to: Address, state: TypingEvent['data']['state'], ttlMs: number): void {
    const parties = inCanonicalForm({ from, to }, this.options.canonical);
    this.options.ephemeral.typing(parties.from, parties.to, state, ttlMs);
  }

  /**
   * Sends a subscriber's presence to one person. Returns at once; it is dropped while the bus is away, and when the same
   * presence was sent to the same person within the last minute. @throws HubError 30 as `canonical`
   */
  presence(from: Party, to: Address, availability: Availability, statusText?: string): void {
    const parties = inCanonicalForm({ from, to }, this.options.canonical);
    this.options.ephemeral.presence({ ...parties, availability, ...(statusText ? { statusText } : {}) });
  }

  /**
   * Asks another network for the presence of its subscriber `to`. Returns at once; the answer, if any, comes through `showPresence`.
   * @throws HubError 30 as `canonical`
   */
  probe(from: Party, to: Address): void {
    const parties = inCanonicalForm({ from, to }, this.options.canonical);
    this.options.ephemeral.presence({ ...parties, availability: 'unknown', probe: true });
  }

  /**
   * A message that crossed, by its canonical id.
   * @param author the network that gave the id: two networks may give the same one
   * @returns undefined: unknown, or older than 30 days
   * @throws HubError 91
   */
  find(id: EventId, author: Network): Promise<MessageRef | undefined> {
    return this.options.correlation.find(id, author);
  }

  /** A message that crossed, by a native id of this network. Result and errors as for `find`. */
  findNative(nativeId: string): Promise<MessageRef | undefined> {
    return this.options.correlation.findNative(nativeId);
  }

  /**
   * The same for a message that a person answers or reacts to. They may do that before the network has told us that it has the
   * message, or before all of its parts are sent; so what is delivered now ends first, for at most 5 s.
   */
  async findReferred(nativeId: string): Promise<MessageRef | undefined> {
    const found = await this.findNative(nativeId);
    if (found || !(await this.options.underWay.ended(REFERRED_MS))) return found;
    return this.findNative(nativeId);
  }

  /**
   * Whether a remote subscriber exists, and their name. Answers 00 and 14 are cached for 30 s. An address that cannot exist, and a
   * refusal of the hub, are answered with their code and reason.
   * @param from who asks. Absent: the network itself
   * @throws HubError 91 when the bus is away or nobody answers within 5 s
   */
  async resolve(address: Address, from?: Address): Promise<ResolveReply> {
    const { canonical, connection, network, profiles } = this.options;
    const known = canonical.orRefused(address);
    if (typeof known === 'object') return known;
    const question = `${from ?? ''} ${known}`;
    const cached = this.resolved.get(question);
    // An event may have brought a newer name since the answer was cached.
    if (cached?.party)
      return { ...cached, party: await profiles.remote.party({ address: cached.party.address }) };
    if (cached) return cached;
    const body = { address: known, ...(from ? { from } : {}) };
    const answer = await answerOrRefusal(
      ask(connection, requests.resolve(network), body, RESOLVE_TIMEOUT_MS),
    );
    const { party } = answer;
    const reply = party ? { ...answer, party: await profiles.remote.party(party) } : answer;
    if (reply.code === '00' || reply.code === '14') this.resolved.set(question, reply);
    return reply;
  }

  /** Stores the address behind a ghost's name that is only a digest of it (`ghostName`). @throws HubError 91 */
  async rememberGhost(digest: string, address: Address): Promise<void> {
    if (this.ghosts.has(digest)) return;
    await this.memory.put(`ghost.${digest}`, address);
    this.ghosts.set(digest, address);
  }

  /** @throws HubError 14 when no address was stored under this digest, 91 */
  async rememberedGhost(digest: string): Promise<Address> {
    const address =
      this.ghosts.get(digest) ?? ((await this.memory.get(`ghost.${digest}`)) as Address | undefined);
    if (!address) throw new HubError('14', 'nobody of that name has been here');
    return address;
  }

  /**
   * For a network without idempotency: sends at most once for each key, also across a crash.
   * @param key `context.idempotencyKey`
   * @param send throws 103 when the network gave no answer; every other error means that the network did not accept it
   * @param uncertain `context.uncertain`; if absent, an earlier attempt is assumed to be possible
   * @returns the result of `send`, now or at an earlier attempt
   * @throws HubError 103 when an earlier attempt may have arrived and the network cannot say (nothing is sent then), and
   * whatever `send` and `reconcile` throw
   */
  atMostOnce(key: string, send: () => Promise<Delivered>, uncertain?: boolean): Promise<Delivered> {
    const reconcile = this.options.underWay.reconciling(key);
    return sendAtMostOnce(this.options.recent, this.log, key, send, uncertain, reconcile);
  }

  /** Adds what is known about the sender. The sender of an echo is a ghost, of which this network knows nothing. */
  private async withSender<Draft extends { from: Party; to: Address }>(submitted: Draft): Promise<Draft> {
    const { network, canonical, profiles } = this.options;
    const draft = inCanonicalForm(submitted, canonical);
    if (networkOf(draft.from.address) !== network) return draft;
    return { ...draft, from: await profiles.own.party(draft.from) };
  }
}

/** @returns false: nothing of another network became this native message, as far as is known */
export async function reportNative(
  { late, correlation }: Pick<AdapterHubOptions, 'late' | 'correlation'>,
  native: string,
  report: LateReport,
): Promise<boolean> {
  const ref = await correlation.findCause(native);
  if (ref) await late.report({ id: ref.id, author: networkOf(ref.author) }, report, native);
  return ref !== undefined;
}

/** A look-up that the hub refuses has a result like any other; its reason is for the operator. */
async function answerOrRefusal(answer: Promise<ResolveReply>): Promise<ResolveReply> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RequestProblem) return { code: error.code, detail: error.detail };
    throw error;
  }
}
