/** All subjects, streams and buckets of the bus. No other code builds one; the documents name them. */
import type { Network } from './address.js';
import { ALL_LANES, type DeliveryKey, type EventId, type Lane } from './ids.js';
import type { MediaPlace } from './attachments.js';

/** Wildcard for one token, in subscriptions and permissions. */
export const ANY = '*';
type Any = typeof ANY;

export const STREAMS = {
  out: 'HUB_OUT',
  report: 'HUB_REPORT',
  dead: 'HUB_DEAD',
} as const;
export type StreamName = (typeof STREAMS)[keyof typeof STREAMS];

export const STREAM_SUBJECTS: Record<StreamName, string[]> = {
  HUB_OUT: ['hub.out.*.*'],
  HUB_REPORT: ['hub.report.*', 'hub.report.*.*.*.*'],
  HUB_DEAD: ['hub.dead.*'],
};

/** Every subject on which a network reports: outcomes that are found again, and all others. */
export function reportSubjects(network: Network): string[] {
  return [subjects.report(network), subjects.delivered(network, ANY, ANY)];
}

/** Stream of events from one network to the switch: one for each network, so that no network waits for the backlog of another. */
export function inStream(network: Network): string {
  return `IN_${network}`;
}

/** Stream of attachments that one network sends: one for each network, so that none can use up another one's space. */
export function mediaStream(network: Network): string {
  return `MEDIA_${network}`;
}

/** Characters of a delivery key that name its bucket: 4,096 buckets. */
const KEY_BUCKET = 2;

export const subjects = {
  in: (network: Network | Any, lane: Lane | Any) => `hub.in.${network}.${lane}`,
  /** Of an event in the same stream that its network finds again by its id. It stands for the reference to the message. */
  event: (network: Network, id: EventId) => `hub.in.${network}.${id}`,
  out: (network: Network | Any, lane: Lane | Any) => `hub.out.${network}.${lane}`,
  report: (network: Network | Any) => `hub.report.${network}`,
  /**
   * Of an outcome in the same stream that its network finds again: by the delivery key of its event, or by the digest of its
   * native id. It stands for the reference to the message. A wildcard finds by the other one. The bucket, the first characters
   * of the key, keeps both searches short: by key the server looks through one bucket, by digest for one entry in each.
   */
  delivered: (network: Network | Any, key: DeliveryKey | Any, digest: string) =>
    `hub.report.${network}.${key === ANY ? ANY : key.slice(0, KEY_BUCKET)}.${digest}.${key}`,
  dead: (network: Network | Any) => `hub.dead.${network}`,
  /** Ephemeral events from a network, and to it. */
  signalIn: (network: Network | Any) => `hub.signal.in.${network}`,
  signalOut: (network: Network | Any) => `hub.signal.out.${network}`,
  /** Request/reply from an adapter. The network is in the subject, so that NATS permissions authenticate it. */
  control: (verb: ControlVerb | Any, network: Network | Any) => `hub.control.${verb}.${network}`,
  /** Request/reply from the switch to the console: the owner of a telephone number. Networks have no permission for it. */
  directory: 'hub.control.directory',
  /** From the console to every switch: the cached entry of a telephone number is outdated. */
  directoryChanged: 'hub.directory.changed',
  /** Request/reply to an adapter. */
  ask: (verb: AskVerb | Any, network: Network | Any) => `hub.ask.${verb}.${network}`,
  /** Subject of the adapter's reply to such a request; the hub chooses the last token in the request's reply subject. */
  answer: (network: Network | Any, token: string) => `hub.answer.${network}.${token}`,
  /** Request/reply between processes of the hub: closes a business day. */
  clearingClose: 'hub.clearing.close',
  /** Request/reply from the switch to the media gateway: a command of an adapter about a call page. */
  callCommand: 'hub.call.command',
  /** Request/reply from the media gateway to the switch: what a person did on a call page. */
  callSignal: 'hub.call.signal',
} as const;

/** Subject of one block of an object in the media store, or of its `info`, which marks it as complete. */
export function mediaSubject(
  { network, object }: { network: Network | Any; object: MediaPlace['object'] },
  part: number | 'info' | Any,
): string {
  return `hub.media.${network}.${object}.${part}`;
}

/** The prefix of JetStream API calls in the account of a network. */
export const MEMBER_API = 'hub.js';

export type ControlVerb =
  'signon' | 'signoff' | 'heartbeat' | 'resolve' | 'link' | 'media' | 'renew' | 'call';
export type AskVerb = 'resolve' | 'pair' | 'call';

export const BUCKETS = {
  registry: 'registry',
  presence: 'presence',
  links: 'media-links',
  subscribers: 'subscribers',
} as const;
/** The network's own bucket: durable memory of its adapter (ghosts, portals, contacts). Never expires. */
export function networkBucket(network: Network): string {
  return `net-${network}`;
}
/** Correlation of native and canonical ids. Expires after REFERENCE_DAYS. */
export function correlationBucket(network: Network): string {
  return `ids-${network}`;
}
/** Messages whose attachments are still being fetched, and nonces that were used. */
export function waitingBucket(network: Network): string {
  return `waiting-${network}`;
}
export const REFERENCE_DAYS = 30;
/** Duplicate window: how long the bus recognises a repeated native event. */
export const DEDUPE_DAYS = 7;

/** The network token of a subject such as hub.in.<network>.<lane>. */
export function networkInSubject(subject: string): Network {
  const tokens = subject.split('.');
  const hasVerb = tokens[1] === 'signal' || tokens[1] === 'control' || tokens[1] === 'ask';
  return (hasVerb ? tokens[3] : tokens[2]) as Network;
}

/** The last token of hub.in.<network>.<lane> or hub.in.<network>.<event id>. */
export function placeInSubject(subject: string): string {
  return subject.slice(subject.lastIndexOf('.') + 1);
}

/**
 * Durable consumers. On the streams that networks share (HUB_OUT, HUB_REPORT), the switch, the recorder and clearing have a
 * consumer of their own for each network, so that a flood of one network delays no other, and instances share the networks.
 */
export const consumers = {
  /** The switch's consumers for one network: on its stream of events and on HUB_REPORT. */
  switchOf: (network: Network) => `switch-${network}`,
  /** The one consumer of an adapter of which one process works at a time. */
  adapter: (network: Network) => `adapter-${network}`,
  /** One of the consumers of an adapter whose processes share the partitions. No slug contains an underscore. */
  adapterOfPartition: (network: Network, lane: Lane) => `adapter-${network}_${lane}`,
  /** On the stream of each network's own events. */
  recorder: 'recorder',
  recorderOf: (network: Network) => `recorder-${network}`,
  clearingOf: (network: Network) => `clearing-${network}`,
} as const;

/** Every consumer through which an adapter of the network can read: the one of a single process, and those of its partitions. */
export function adapterConsumers(network: Network): string[] {
  return [
    consumers.adapter(network),
    ...ALL_LANES.map((lane) => consumers.adapterOfPartition(network, lane)),
  ];
}
