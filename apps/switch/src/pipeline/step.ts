/** The pipeline's vocabulary: a step looks at an event in the light of the registry and passes it on, or ends it. */
import type { Address, Consent, DirectoryEntry, HubEvent, Network, ResultCode } from '#protocol';
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
}

export type Step = (event: HubEvent, context: StepContext) => Passed | Ended;

export interface Passed {
  verdict: 'pass';
  event: HubEvent;
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
