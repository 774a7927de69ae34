/** What a step of the pipeline gets and returns. A step passes an event on, perhaps changed, or ends it with a result code. */
import type {
  Address,
  Consent,
  DirectoryEntry,
  HubEvent,
  Lane,
  Limits,
  Network,
  ResultCode,
} from '#protocol';
import type { RegistryIndex } from '../registry/registry-index.js';

export interface StepContext {
  /** The network in the subject, which the bus account of the network vouches for. */
  source: Network;
  /** One snapshot for the whole event: a change takes effect between events, never within one. */
  registry: RegistryIndex;
  now: Date;
  /**
   * The last token of the subject on which the event was published: its partition, or its id. And the partition to which its
   * conversation, as the adapter spelled it, belongs. undefined: an ephemeral event.
   */
  partition?: { used: string; expected: Lane } | undefined;
  /** The directory's entry, if the recipient is a telephone number. */
  entry?: DirectoryEntry | undefined;
  /** Consents that differ from the default. */
  consents: { get(address: Address): Consent | undefined };
  /** Keys of events that this instance decided recently. */
  seen: { has(id: string): boolean };
  absences: Absences;
  /** When the bus took the event. */
  acceptedAt: Date;
}

export interface Absence {
  reason: 'SIGNED_OFF' | 'LINK_DOWN';
  since: string;
}

export interface Absences {
  /** undefined: the network is present, as far as is known. */
  of(network: Network): Absence | undefined;
  /** Messages that wait for the network. */
  waiting(network: Network): number;
}

export type Step = (event: HubEvent, context: StepContext) => Passed | Ended;

export interface Passed {
  verdict: 'pass';
  event: HubEvent;
  /** Why the event is stored for a destination that is away, and until when; absent if it is not. */
  storedBecause?: string | undefined;
  /** Of the agreement of the two networks, from the step that looked it up. */
  limits?: Limits | undefined;
}

export interface Ended {
  verdict: 'end';
  code: ResultCode;
  detail: string;
}

export function pass(event: HubEvent): Passed {
  return { verdict: 'pass', event };
}

export function end(code: ResultCode, detail: string): Ended {
  return { verdict: 'end', code, detail };
}
