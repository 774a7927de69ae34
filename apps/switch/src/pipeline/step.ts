/** The pipeline's vocabulary: a step looks at an event in the light of the registry and passes it on, or ends it. */
import type { Address, Consent, DirectoryEntry, HubEvent, Limits, Network, ResultCode } from '#protocol';
import type { RegistryIndex } from '../registry-index.js';

export interface StepContext {
  /** From the subject, which NATS itself vouches for. */
  source: Network;
  /** One registry snapshot for the whole event: a change takes effect between events, never within one. */
  registry: RegistryIndex;
  now: Date;
  /** What the directory says of the number, where the recipient is one. */
  entry?: DirectoryEntry | undefined;
  /** Of those whose consent differs from the default. */
  consents: { get(address: Address): Consent | undefined };
  /** Ids decided lately by this instance. */
  seen: { has(id: string): boolean };
  absences: Absences;
  /** Counts, and says why an event may not go. */
  limits: { judge(event: HubEvent, agreed: Limits | undefined, at: Date): string | undefined };
  /** When the bus took the event. */
  acceptedAt: Date;
}

export interface Absence {
  reason: 'SIGNED_OFF' | 'LINK_DOWN';
  since: string;
}

export interface Absences {
  /** undefined: it is there, for all we know. */
  of(network: Network): Absence | undefined;
  /** How much waits for it. */
  waiting(network: Network): number;
}

export type Step = (event: HubEvent, context: StepContext) => Passed | Ended;

export interface Passed {
  verdict: 'pass';
  event: HubEvent;
  /** Why and until when it is kept: its destination is away. */
  stored?: string | undefined;
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
