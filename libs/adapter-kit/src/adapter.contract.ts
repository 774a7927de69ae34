/**
 * The contract between the kit and an adapter. This page has what every adapter implements. The rest of the contract:
 *
 * - abilities.contract.ts: optional methods, for networks that can do more than text;
 * - delivered.contract.ts: context and result of a delivery;
 * - drafts.contract.ts: what an adapter submits;
 * - adapter-hub.ts: what the kit offers to an adapter (`Hub`), with its implementation.
 *
 * **Order and concurrency.** The kit calls the `deliver…` methods, `showReport` included, for one event of a conversation at
 * a time, in the order of the stream. The next event follows when the promise has settled. Different conversations run at
 * the same time, up to 500 events. One process of an adapter receives deliveries at a time; if it dies, another one gets
 * them, and the unfinished ones again.
 *
 * **Input.** Every native input is processed in the queue of its native conversation, `hub.inbound`: what an adapter awaits
 * before it submits holds that conversation alone, and its order is kept. When the queue refuses (65, 91), the network gets no
 * acknowledgement, or is refused visibly. A wire that can be paused is paused while `hub.inbound.full`.
 *
 * **Blocking.** A `deliver…` method may take as long as the network needs: the kit keeps the event reserved, and only its
 * conversation waits. The kit sets no time limit, so set one for each request to the network. Resolve only when the network
 * itself has accepted the event (its answer, not our write to a socket).
 *
 * **Errors.** Throw a HubError; its code decides what happens (RESULTS in libs/protocol):
 * - 65, 91, 96, and every error that is not a HubError (counts as 96): tried again after `retryAfterMs`, or 0.5 s doubling up
 *   to 30 s. The 10th failure is final: outcome `failed`, and a dead letter. With 65 a failure is final only if the event was
 *   stored at least 15 min ago as well.
 * - the same codes while `connectivity` says that the network is away: not counted, tried again as soon as it is back.
 * - 30, 31: final: outcome `failed`, and a dead letter.
 * - every other code: final: outcome `failed`; the sender is notified where the code says so.
 *
 * If an answer is lost, nobody knows whether the network has the message. Throw 91 if the network recognises the idempotency
 * key, since the same event comes again; otherwise send through `hub.atMostOnce` and throw 103. A network that can be asked
 * whether it has a message implements `reconcile`, which the kit calls in place of reporting 103.
 *
 * **Stopping.** When the process stops, the kit gives the adapter no new events, waits up to 5 s for the running
 * deliveries, and calls `stop`. What was not finished comes again in the next process, with `context.uncertain`.
 */
import type { Capabilities, MessageEvent, Network } from '#protocol';
import type { TextLimits } from '#text';
import type { Abilities, Pairing, Reconciling, Withdrawing } from './abilities.contract.js';
import type { Hub } from './adapter-hub.js';
import type { Connectivity } from './connectivity.js';
import type { Delivered, DeliveryContext } from './delivered.contract.js';

export type * from './abilities.contract.js';
export type { AttachmentHandling, Hub } from './adapter-hub.js';
export type { OutgoingAttachment } from './attachments/outgoing.js';
export type * from './delivered.contract.js';
export type * from './drafts.contract.js';
export type { LateEvent, LateReport, ReportedOn } from './late-outcomes.js';
export type { Memory } from './memory.contract.js';
export type { NativePiece } from './native-pieces.js';
export type { Begun as BegunCall, HungUp } from './calls/own-calls.js';
export type { NotCarried } from './not-carried.js';
export type { ReactionChange, Reacting } from './reaction-state.js';

export interface Adapter {
  readonly network: Network;
  /**
   * Several processes of this adapter may work at a time, each on conversations of its own: the network accepts several
   * sessions, and a process keeps nothing in its memory that another one needs. Absent: one process works at a time.
   */
  readonly sharesPartitions?: true;
  /**
   * Two processes of this adapter at once would disturb one another, such as two long polls of one account, of which each gets a
   * part: a further process waits before `start` until the one before it has ended. Not together with `sharesPartitions`.
   */
  readonly worksAlone?: true | undefined;
  /**
   * What this network can show. Called at start, before `start`, and with every heartbeat (2 s): it must return at once and
   * must not throw. A change of content needs a new `version`; it holds from the next heartbeat on.
   */
  capabilities(): Capabilities;
  /**
   * Whether the network takes these words in one message, for a network whose limit counts more than the text (JSON or HTML
   * around it). Called several times while a text is split: it must return at once, give the same answer for the same
   * event, and have no effects. Absent: only `limits` count.
   */
  fits?(event: MessageEvent): boolean;
  /**
   * Limits of a text that hold for this message in place of those of `capabilities.limits`, such as for one that is spoken. Like
   * `fits`, it must return at once and give the same answer for the same event. undefined: the limits of the capabilities.
   */
  limitsFor?(event: MessageEvent): TextLimits | undefined;
  /**
   * Connects to the network and keeps connected, with its own reconnect. Called once. Resolves when the adapter can be called;
   * nothing is delivered before. The whole of `hub` works during the call, except that attachments are fetched and other
   * networks are known (`peers`) only afterwards. There is no time limit: do not wait here for a network that is away, but
   * resolve, and set `connectivity` when the network is there.
   * @throws to refuse the start: the process ends with the error
   */
  start(hub: Hub): Promise<void>;
  /**
   * Ends the connection to the network. Called once, when the process stops. Deliveries that did not end within 5 s may
   * still run; `hub` stores what is submitted until the promise resolves. There is no time limit.
   */
  stop(): Promise<void>;
  /**
   * Whether the native network can be reached now. While it cannot, the kit holds deliveries back, without counting attempts,
   * and reports the process as not ready; they go on at the moment at which the adapter sets `connected`.
   */
  readonly connectivity: Connectivity;
  /**
   * Delivers a new message to a subscriber of this network, `event.data.to`. `context.target` is the message that it answers:
   * refer to its `firstNative`. A text longer than `limits` (or `limitsFor`) comes as several calls, one after the other, each with an
   * `idempotencyKey` of its own. Also called with what the network cannot show in its own form: attachments, edits,
   * recalls and reactions in words.
   */
  deliver(event: MessageEvent, context: DeliveryContext): Promise<Delivered>;
}

export type AnyAdapter = Adapter & Partial<Abilities & Reconciling & Pairing & Withdrawing>;
