/**
 * Which networks are online, derived from heartbeats. The times in the facts only grow, so that the facts of several consoles
 * can be merged by taking the newest of each.
 */
import { z } from 'zod';
import { Network } from './address.js';
import { boundedRecord } from './schema-bounds.js';

export const LinkState = z
  .enum(['on', 'signed_off', 'unreachable'])
  .describe(
    'on: online; signed_off: the adapter has signed off; unreachable: no heartbeat for 8 s, or the adapter has no connection to its native network',
  );
export type LinkState = z.infer<typeof LinkState>;

export const NetworkLiveness = z
  .object({
    state: LinkState,
    since: z.iso.datetime().max(40),
    heardAt: z.int().nonnegative().describe('Time of the last heartbeat, ms since 1970'),
    connectedAt: z
      .int()
      .nonnegative()
      .describe('Time of the last heartbeat with a connection to the native network, ms since 1970'),
    signedOffAt: z.int().nonnegative().describe('Time at which the last adapter signed off, ms since 1970'),
  })
  .meta({ id: 'NetworkLiveness' });
export type NetworkLiveness = z.infer<typeof NetworkLiveness>;

/** The console publishes it in the bucket `registry` under the key `liveness`, at every change and every 3 s. */
export const LivenessSnapshot = boundedRecord(Network, NetworkLiveness, 1000).meta({
  id: 'LivenessSnapshot',
  description: 'A network that is absent has never sent a heartbeat and counts as online',
});
export type LivenessSnapshot = Record<Network, NetworkLiveness>;

export type LivenessFacts = Pick<NetworkLiveness, 'heardAt' | 'connectedAt' | 'signedOffAt'>;

export const LIVENESS_KEY = 'liveness';
export const LIVENESS_REPEAT_MS = 3000;
/** Interval of heartbeats. */
export const HEARTBEAT_MS = 2000;
/** Without a heartbeat for this time, a network is unreachable. */
export const SILENT_AFTER_MS = 4 * HEARTBEAT_MS;

export const NEVER_HEARD: LivenessFacts = { heardAt: 0, connectedAt: 0, signedOffAt: 0 };

/** Facts from another console, with times in the future (its clock is ahead) reduced to now. */
export function believed({ heardAt, connectedAt, signedOffAt }: LivenessFacts, now: number): LivenessFacts {
  return {
    heardAt: Math.min(heardAt, now),
    connectedAt: Math.min(connectedAt, now),
    signedOffAt: Math.min(signedOffAt, now),
  };
}

/** The facts of two consoles: the newest of each. */
export function joined(one: LivenessFacts, other: LivenessFacts): LivenessFacts {
  return {
    heardAt: Math.max(one.heardAt, other.heardAt),
    connectedAt: Math.max(one.connectedAt, other.connectedAt),
    signedOffAt: Math.max(one.signedOffAt, other.signedOffAt),
  };
}

/**
 * State of a network that follows from the facts now.
 * @param before its state as published last
 * @param listeningSince time since which the console has received every heartbeat. A network that was online is not marked as
 *   unreachable for heartbeats that the console may have missed before this time
 */
export function livenessOf(
  facts: LivenessFacts,
  before: NetworkLiveness | undefined,
  listeningSince: number,
  now: number,
): NetworkLiveness {
  const { heardAt, connectedAt, signedOffAt } = facts;
  const signedOff = signedOffAt > 0 && signedOffAt >= heardAt;
  const reachedUntil = Math.max(connectedAt, before?.state === 'on' ? listeningSince : 0) + SILENT_AFTER_MS;
  const state = signedOff ? 'signed_off' : now < reachedUntil ? 'on' : 'unreachable';
  const began = { on: connectedAt, signed_off: signedOffAt, unreachable: connectedAt || heardAt }[state];
  const since = before?.state === state ? before.since : new Date(began || now).toISOString();
  return { state, since, ...facts };
}
