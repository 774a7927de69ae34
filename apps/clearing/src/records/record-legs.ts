/**
 * From a bus message to one leg of a detail record, without input or output. A routed event is one leg, its outcome the other;
 * with both the record is complete.
 */
import { createHmac } from 'node:crypto';
import type { BusMessage } from '#bus';
import {
  CERTIFY,
  readEvent,
  decodeOutcome,
  mayReport,
  networkInSubject,
  networkOf,
  smsSegments,
  trafficOf,
  type Address,
  type CallEvent,
  type EventKind,
  type HubEvent,
} from '#protocol';
import { plainWords } from '#text';

type Source = Pick<BusMessage, 'subject' | 'data' | 'seq' | 'storedAt'>;

interface Leg {
  reference: string;
  from: string;
  to: string;
  /** Keyed hashes of the two addresses. */
  fromParty: string;
  toParty: string;
  /** Sequence in its stream: of several legs of one record, the first counts. */
  seq: number;
  /** When the stream stored the message. */
  at: Date;
}

export interface RoutedLeg extends Leg {
  class: string;
  units: number;
  /** Units if the message is delivered as SMS. */
  smsUnits: number;
}

export interface EndedLeg extends Leg {
  outcome: 'delivered' | 'failed' | 'unknown';
  code: string;
  /** The switch ended the event: there is no routed leg. */
  atSwitch: boolean;
}

/** The event waits for its network. Its record notes the stand-in, and is not complete yet. */
export type StoredLeg = Leg;

export type Hash = (address: Address) => string;

/** The same person has the same hash; without the key nobody can tell whose it is. */
export function partyHash(key: string): Hash {
  return (address) => createHmac('sha256', key).update(address).digest('base64url');
}

/** What became of a call: its record is complete when it has ended. */
export interface CallAct {
  /** Id of the invitation, which is the reference of the record. */
  call: string;
  /** The two networks, in alphabetical order: either of them may end a call. */
  one: string;
  other: string;
  act: 'answered' | CallEnd;
  seq: number;
  /** When the stream stored the event: clearing measures a call by the clock of the bus, and not by that of a member. */
  at: Date;
}

export type CallEnd = 'ended' | 'declined' | 'cancelled' | 'missed';

/** What clearing keeps of a routed event: the leg of a record, or what became of a call. undefined: an event that is not billed. */
export type Routed = { leg: RoutedLeg } | { act: CallAct } | undefined;

/** @throws HubError 30 for an unreadable event, which was not delivered either */
export function routed(message: Source, hash: Hash): Routed {
  const event = readEvent(message.data);
  if (event.type === 'im.hutong.call.v1' && event.data.action !== 'invite') {
    const act = callAct(event.data, message);
    return act && { act };
  }
  const leg = routedLeg(event, message, hash);
  return leg && { leg };
}

/** undefined: nothing that the record of the call needs */
function callAct(
  { action, call, from }: CallEvent['data'],
  { subject, seq, storedAt }: Source,
): CallAct | undefined {
  if (call === undefined || action === 'invite' || action === 'ringing') return undefined;
  const [one = '', other = ''] = [networkOf(from.address), networkInSubject(subject)].sort();
  return { call, one, other, act: action === 'accepted' ? 'answered' : action, seq, at: storedAt };
}

function routedLeg(event: HubEvent, message: Source, hash: Hash): RoutedLeg | undefined {
  const traffic = trafficOf(event);
  const { from, to } = event.data;
  if (!traffic || networkOf(from.address) === CERTIFY) return undefined;
  return {
    reference: event.id,
    from: networkOf(from.address),
    to: networkInSubject(message.subject),
    fromParty: hash(from.address),
    toParty: hash(to),
    seq: message.seq,
    at: message.storedAt,
    class: traffic.class,
    units: traffic.units,
    smsUnits: smsUnitsOf(event),
  };
}

export type Ending = { ended: EndedLeg } | { stored: StoredLeg } | undefined;

const COUNTED: ReadonlySet<EventKind> = new Set<EventKind>(['message', 'contact', 'call', 'group']);

/** undefined: an event that is not billed, or an outcome from a network that may not report it. @throws HubError 30 */
export function ending(message: Source, hash: Hash): Ending {
  const outcome = decodeOutcome(message.data);
  if (!COUNTED.has(outcome.kind)) return undefined;
  const [from, to] = [networkOf(outcome.from.address), networkOf(outcome.to)];
  const atSwitch = outcome.by === 'switch';
  if (!mayReport(outcome, networkInSubject(message.subject))) return undefined;
  // Messages from and to the certifier are not billed.
  if (from === CERTIFY || to === CERTIFY) return undefined;
  const leg: Leg = {
    reference: outcome.event,
    from,
    to,
    fromParty: hash(outcome.from.address),
    toParty: hash(outcome.to),
    seq: message.seq,
    at: message.storedAt,
  };
  const { stage, code } = outcome;
  if (stage === 'stored') return atSwitch ? { stored: leg } : undefined;
  // Not final: the network reports later what became of the event.
  if (stage === 'submitted') return undefined;
  const end = stage === 'read' ? 'delivered' : stage;
  // That a telephone rings completes no record: the call goes on.
  if (outcome.kind === 'call' && end !== 'failed') return undefined;
  // The switch ends an event only with a failure: any other outcome is not its own.
  if (atSwitch && end !== 'failed') return undefined;
  // The destination has no contact requests: its people can be written to without one, and nothing has failed.
  if (atSwitch && outcome.kind === 'contact' && code === '12') return undefined;
  // An event that expired while it waited had been routed; the switch ends all others before they are routed.
  return { ended: { ...leg, outcome: end, code, atSwitch: atSwitch && code !== '68' } };
}

function smsUnitsOf(event: HubEvent): number {
  return event.type === 'im.hutong.message.v1' ? smsSegments(plainWords(event.data.content.body)) : 1;
}
