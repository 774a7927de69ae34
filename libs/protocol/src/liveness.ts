/** Which networks are there, as heartbeats tell it. Facts only ever grow, so that what several consoles heard becomes one. */
import { z } from 'zod';
import { Network } from './address.js';
import { boundedRecord } from './schema-bounds.js';

export const LinkState = z
  .enum(['on', 'signed_off', 'unreachable'])
  .describe(
    'signed_off: its adapter said so; unreachable: silence, or the adapter does not reach its network',
  );
export type LinkState = z.infer<typeof LinkState>;

export const NetworkLiveness = z
  .object({
    state: LinkState,
    since: z.iso.datetime().max(40),
    heardAt: z.int().nonnegative().describe('Last heartbeat, ms'),
    connectedAt: z.int().nonnegative().describe('Last heartbeat that said: I reach my network, ms'),
    signedOffAt: z.int().nonnegative().describe('When its last adapter signed off, ms'),
  })
  .meta({ id: 'NetworkLiveness' });
export type NetworkLiveness = z.infer<typeof NetworkLiveness>;

/** Published by the console under `registry`/`liveness`, at every change and every few seconds. */
export const LivenessSnapshot = boundedRecord(Network, NetworkLiveness, 1000).meta({
  id: 'LivenessSnapshot',
  description: 'A network that is not in it was never heard, and counts as on',
});
export type LivenessSnapshot = Record<Network, NetworkLiveness>;

export type LivenessFacts = Pick<NetworkLiveness, 'heardAt' | 'connectedAt' | 'signedOffAt'>;

export const LIVENESS_KEY = 'liveness';
export const LIVENESS_REPEAT_MS = 3000;
/** So often an adapter says that it is there. */
export const HEARTBEAT_MS = 2000;
/** After so long, silence means something. */
export const SILENT_AFTER_MS = 4 * HEARTBEAT_MS;

export const NEVER_HEARD: LivenessFacts = { heardAt: 0, connectedAt: 0, signedOffAt: 0 };

/** As somebody else tells them: nobody has heard anything in the future. */
export function believed({ heardAt, connectedAt, signedOffAt }: LivenessFacts, now: number): LivenessFacts {
  return {
    heardAt: Math.min(heardAt, now),
    connectedAt: Math.min(connectedAt, now),
    signedOffAt: Math.min(signedOffAt, now),
  };
}

/** What two consoles heard: the newest of each. */
export function joined(one: LivenessFacts, other: LivenessFacts): LivenessFacts {
  return {
    heardAt: Math.max(one.heardAt, other.heardAt),
    connectedAt: Math.max(one.connectedAt, other.connectedAt),
    signedOffAt: Math.max(one.signedOffAt, other.signedOffAt),
  };
}

/**
 * What the facts mean now.
 * @param before what was said of it last
 * @param listeningSince whoever judges has heard everything since then: he cannot call silence what he may have missed
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
