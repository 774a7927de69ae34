/** Bus message -> half of a detail record. Pure: what was routed is one half, how it ended the other. */
import { createHmac } from 'node:crypto';
import type { BusMessage } from '#bus';
import {
  CERTIFY,
  decodeEvent,
  decodeOutcome,
  mayReport,
  networkInSubject,
  networkOf,
  smsSegments,
  trafficOf,
  type Address,
  type EventKind,
  type HubEvent,
} from '#protocol';
import { plainWords } from '#text';

type Source = Pick<BusMessage, 'subject' | 'data' | 'seq' | 'storedAt'>;

interface Half {
  reference: string;
  from: string;
  to: string;
  /** Keyed hashes of the two addresses. */
  fromParty: string;
  toParty: string;
  /** Sequence in its stream: of several, the first counts. */
  seq: number;
  /** When the stream took it. */
  at: Date;
}

export interface RoutedHalf extends Half {
  class: string;
  units: number;
  /** Should it be handed over as SMS. */
  smsUnits: number;
}

export interface EndedHalf extends Half {
  outcome: 'delivered' | 'failed';
  code: string;
  /** The switch ended it: there is no other half. */
  atSwitch: boolean;
}

/** It waits for its network: not an end, but it is remembered. */
export type StoredHalf = Half;

export type Hash = (address: Address) => string;

/** Parties: the same person has the same hash, and without the key nobody finds out whose it is. */
export function partyHash(key: string): Hash {
  return (address) => createHmac('sha256', key).update(address).digest('base64url');
}

/** undefined: nothing that counts. @throws HubError 30 for what is unreadable: it was never delivered either */
export function routedHalf(message: Source, hash: Hash): RoutedHalf | undefined {
  const event = decodeEvent(message.data);
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

export type Ending = { ended: EndedHalf } | { stored: StoredHalf } | undefined;

const COUNTED: ReadonlySet<EventKind> = new Set<EventKind>(['message', 'contact', 'call', 'group']);

/** undefined: nothing that counts, or of a network that has nothing to say about it. @throws HubError 30 */
export function ending(message: Source, hash: Hash): Ending {
  const outcome = decodeOutcome(message.data);
  if (!COUNTED.has(outcome.kind)) return undefined;
  const [from, to] = [networkOf(outcome.from.address), networkOf(outcome.to)];
  const atSwitch = outcome.stage === 'switch';
  if (!mayReport(outcome, networkInSubject(message.subject))) return undefined;
  // The certifier is nobody's correspondent.
  if (from === CERTIFY || to === CERTIFY) return undefined;
  const half: Half = {
    reference: outcome.event,
    from,
    to,
    fromParty: hash(outcome.from.address),
    toParty: hash(outcome.to),
    seq: message.seq,
    at: message.storedAt,
  };
  const { outcome: end, code } = outcome;
  // Only the switch stores for a fee (stand-in). A network that waits for its own subscriber does not.
  if (end === 'stored') return atSwitch ? { stored: half } : undefined;
  // Nothing is delivered by the switch: whoever says so is not the switch.
  if (atSwitch && end === 'delivered') return undefined;
  // What expired while it waited for its network had been routed; anything else the switch ends before.
  return { ended: { ...half, outcome: end, code, atSwitch: atSwitch && code !== '68' } };
}

function smsUnitsOf(event: HubEvent): number {
  return event.type === 'im.hutong.message.v1' ? smsSegments(plainWords(event.data.content.body)) : 1;
}
