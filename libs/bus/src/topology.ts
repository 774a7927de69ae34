/**
 * Streams, consumers and buckets: what must exist on the bus. The console creates each of them once and records it
 * (apps/console/src/inventory); every other process waits until they exist. Nothing is recreated silently: a recreated
 * consumer would deliver everything again, a recreated stream has lost accepted messages.
 */
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type StreamConfig,
} from '@nats-io/jetstream';
import { Kvm, type KvOptions } from '@nats-io/kv';
import {
  subjects,
  ALL_LANES,
  ANY,
  BUCKETS,
  consumers,
  correlationBucket,
  DEDUPE_DAYS,
  HUB,
  inStream,
  mediaStream,
  mediaSubject,
  networkBucket,
  REFERENCE_DAYS,
  reportSubjects,
  STREAM_SUBJECTS,
  STREAMS,
  waitingBucket,
  type Network,
  type StreamName,
} from '#protocol';
import { allowBatches } from './batches-allowed.js';
import type { BusSession } from './bus-connection.js';
import { upgradeConsumer, upgradeStream } from './upgrades.js';

const NANOS = 1_000_000;
const DAY_MS = 24 * 3600 * 1000;

export const CONSUMER_GROUP = 'owner';
/** Pin TTL: after this time without a pull another instance becomes the owner, ms. */
export const OWNER_TIMEOUT_MS = 3000;
/**
 * COMPAT(nats-server 2.15, @nats-io/jetstream 3.4): only a pull renews the pin; between longer pulls it would be lost, and
 * the client then may wait half a minute before it asks again.
 */
export const PULL_MS = 1000;
const ACK_WAIT_MS = 60_000;

/** Maximum age of an attachment, hours. Messages expire after 48 hours. */
export const MEDIA_HOURS = 72;
const HOUR_MS = 3600 * 1000;
/** Maximum lifetime of a link. The attachment behind it may be deleted earlier. */
const LINK_HOURS = 720;
/** Longer than the lifetime of a message (48 hours). */
const WAITING_HOURS = 72;

const GB = 1024 ** 3;
/** Maximum size of a stream that networks share, bytes. */
const STREAM_GB = 1024;
/** Dead letters kept for one network, of at most 0.7 MB each. Beyond it, the oldest one of that network is deleted. */
const DEAD_LETTERS_OF_A_NETWORK = 2000;
/**
 * Space of one network on the bus, GB: its events of the last 30 days, attachments that it sent, its adapter's memory,
 * references to messages, messages whose attachments are being fetched. A network that fills its share harms only itself:
 * its streams lose their oldest entries, its buckets refuse further writes.
 */
export const NETWORK_SHARE_GB = { events: 100, media: 20, memory: 2, references: 20, waiting: 1 } as const;

type Stream = Partial<StreamConfig> & { name: string };

/** Stored on disk. Beyond `maxBytes` the oldest messages are deleted. */
function onDisk(name: string, subjects: string[], replicas: number, maxBytes: number): Stream {
  return {
    name,
    subjects,
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    num_replicas: replicas,
    max_bytes: maxBytes,
    allow_atomic: true,
  };
}

/** Duplicate window of message ids: one week. */
const EVENTS = {
  max_age: DEDUPE_DAYS * DAY_MS * NANOS,
  duplicate_window: DEDUPE_DAYS * DAY_MS * NANOS,
  allow_direct: true,
} as const;

/** Of streams whose messages are references: edits, replies and receipts find what they refer to. */
const REFERENCES_AGE = REFERENCE_DAYS * DAY_MS * NANOS;

function inConfig(network: Network, replicas: number): Stream {
  const maxBytes = NETWORK_SHARE_GB.events * GB;
  return {
    ...onDisk(inStream(network), [subjects.in(network, ANY)], replicas, maxBytes),
    ...EVENTS,
    max_age: REFERENCES_AGE,
  };
}

function mediaConfig(network: Network, replicas: number): Stream {
  const subject = mediaSubject({ network, object: ANY }, ANY);
  return {
    ...onDisk(mediaStream(network), [subject], replicas, NETWORK_SHARE_GB.media * GB),
    max_age: MEDIA_HOURS * HOUR_MS * NANOS,
    max_msgs_per_subject: 1,
    // The media gateway has no other way to read.
    allow_direct: true,
  };
}

function streamConfig(name: StreamName, replicas: number): Stream {
  const shared = { ...onDisk(name, STREAM_SUBJECTS[name], replicas, STREAM_GB * GB), ...EVENTS };
  switch (name) {
    case STREAMS.out:
      return shared;
    case STREAMS.report:
      return { ...shared, max_age: REFERENCES_AGE };
    case STREAMS.dead:
      return { ...shared, max_msgs_per_subject: DEAD_LETTERS_OF_A_NETWORK, max_age: REFERENCES_AGE };
  }
}

type Durable = Partial<ConsumerConfig> & { durable_name: string };

function durable(name: string, filter: string | string[] | undefined, maxAckPending: number): Durable {
  return {
    durable_name: name,
    ...(typeof filter === 'string' ? { filter_subject: filter } : {}),
    ...(typeof filter === 'object' ? { filter_subjects: filter } : {}),
    ack_policy: AckPolicy.Explicit,
    ack_wait: ACK_WAIT_MS * NANOS,
    max_ack_pending: maxAckPending,
    priority_groups: [CONSUMER_GROUP],
    priority_policy: 'pinned_client',
    priority_timeout: OWNER_TIMEOUT_MS * NANOS,
  };
}

export type BusObjectKind = 'stream' | 'consumer' | 'bucket';

/** Something that must exist on the bus. */
export interface BusObject {
  kind: BusObjectKind;
  /** Of a consumer `<stream>/<durable>`, of a bucket the name of its stream. */
  name: string;
  /** Name of another object: while that one is recorded, this one is not created. */
  replacedBy?: string;
  /** Name of a consumer of an earlier release, behind whose acknowledgement floor this one begins if that one exists. */
  continues?: string;
  /** Adapts what an earlier release created. Absent: no release changed it. */
  upgrade?(session: BusSession): Promise<void>;
  /** @param after only for a consumer: it delivers what the stream stored after this sequence. Absent: all that the stream holds */
  create(session: BusSession, after?: number): Promise<unknown>;
}

function stream(config: Stream): BusObject {
  return { kind: 'stream', name: config.name, create: ({ jsm }) => jsm.streams.add(config) };
}

/** A stream that an earlier release kept for a shorter time, or for fewer subjects. */
function upgradedStream(config: Stream): BusObject {
  return { ...stream(config), upgrade: (session) => upgradeStream(session, config) };
}

function consumer(of: string, config: Durable): BusObject {
  return {
    kind: 'consumer',
    name: `${of}/${config.durable_name}`,
    create: ({ jsm }, after) =>
      jsm.consumers.add(
        of,
        after === undefined
          ? config
          : { ...config, deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: after + 1 },
      ),
    upgrade: (session) => upgradeConsumer(session, of, config),
  };
}

function bucket(name: string, options: Partial<KvOptions>): BusObject {
  const stream = `KV_${name}`;
  return {
    kind: 'bucket',
    name: stream,
    create: async (session) => {
      await new Kvm(session.js).create(name, options);
      await allowBatches(session, stream);
    },
  };
}

/**
 * Unacknowledged events of one network at the switch. All networks share one queue for the disk, so this limits how long a
 * flooding network delays the others.
 */
const SWITCH_MAX_HELD = 600;
const RECORDER_MAX_HELD = 2000;
const CLEARING_MAX_HELD = 4000;
export function switchEventsConsumer(network: Network): Durable {
  return durable(consumers.switchOf(network), subjects.in(network, ANY), SWITCH_MAX_HELD);
}
export function switchOutcomesConsumer(network: Network): Durable {
  return durable(consumers.switchOf(network), reportSubjects(network), SWITCH_MAX_HELD);
}
export const recorderConsumer = durable(consumers.recorder, undefined, RECORDER_MAX_HELD);

/** What the recorder and clearing read of one network in the streams that networks share: what was routed to it, and its outcomes. */
function recordersOf(network: Network): BusObject[] {
  return [
    ...recordersOn(STREAMS.out, network, subjects.out(network, ANY)),
    ...recordersOn(STREAMS.report, network, reportSubjects(network)),
  ];
}

function recordersOn(of: StreamName, network: Network, filter: string | string[]): BusObject[] {
  const { recorderOf, clearingOf } = consumers;
  return [
    { ...consumer(of, durable(recorderOf(network), filter, RECORDER_MAX_HELD)), continues: `${of}/recorder` },
    { ...consumer(of, durable(clearingOf(network), filter, CLEARING_MAX_HELD)), continues: `${of}/clearing` },
  ];
}

/** Consumers of earlier releases, which read what all networks share. `continues` names them. */
export const RETIRED_CONSUMERS = [STREAMS.out, STREAMS.report].flatMap((of) => [
  `${of}/recorder`,
  `${of}/clearing`,
]);

/** Unacknowledged events of one network's adapter. */
export const ADAPTER_MAX_HELD = 4000;

/** Streams, the consumers of the hub's own processes and the shared buckets. */
export function hubTopology(replicas = 1): BusObject[] {
  return [
    ...Object.values(STREAMS).map((name) => upgradedStream(streamConfig(name, replicas))),
    consumer(STREAMS.report, switchOutcomesConsumer(HUB)),
    // Nothing is addressed to the hub itself.
    ...recordersOn(STREAMS.report, HUB, reportSubjects(HUB)),
    bucket(BUCKETS.registry, { history: 5, replicas }),
    bucket(BUCKETS.presence, { ttl: DAY_MS, replicas }),
    bucket(BUCKETS.subscribers, { replicas }),
    bucket(BUCKETS.links, { ttl: LINK_HOURS * HOUR_MS, replicas }),
  ];
}

/** The consumer of an adapter of which one process works at a time. */
export function adapterConsumer(network: Network): BusObject {
  const [first] = partitionConsumers(network);
  return {
    ...consumer(
      STREAMS.out,
      durable(consumers.adapter(network), subjects.out(network, ANY), ADAPTER_MAX_HELD),
    ),
    ...(first ? { replacedBy: first.name } : {}),
  };
}

/** The consumers of an adapter whose processes share the partitions, in place of `adapterConsumer`. */
export function partitionConsumers(network: Network): BusObject[] {
  return ALL_LANES.map((lane) =>
    consumer(
      STREAMS.out,
      durable(consumers.adapterOfPartition(network, lane), subjects.out(network, lane), ADAPTER_MAX_HELD),
    ),
  );
}

/** Objects of one network: its consumer, the switch's consumer for it, the stream of its attachments, its buckets. */
export function networkTopology(network: Network, replicas = 1): BusObject[] {
  const { memory, waiting, references } = NETWORK_SHARE_GB;
  return [
    stream(mediaConfig(network, replicas)),
    upgradedStream(inConfig(network, replicas)),
    consumer(inStream(network), switchEventsConsumer(network)),
    consumer(inStream(network), recorderConsumer),
    ...recordersOf(network),
    consumer(STREAMS.report, switchOutcomesConsumer(network)),
    adapterConsumer(network),
    bucket(networkBucket(network), { replicas, max_bytes: memory * GB }),
    bucket(waitingBucket(network), {
      ttl: WAITING_HOURS * HOUR_MS,
      replicas,
      max_bytes: waiting * GB,
    }),
    bucket(correlationBucket(network), {
      ttl: REFERENCE_DAYS * DAY_MS,
      replicas,
      max_bytes: references * GB,
    }),
  ];
}

/**
 * Applies the settings for attachments to an existing bus: maximum age, size, and how they are read.
 * @param gigabytes maximum size of the attachments of one network, GB; the oldest are deleted first. undefined: the usual share
 */
export async function keepMedia(
  session: BusSession,
  hours: number,
  gigabytes: number | undefined,
): Promise<void> {
  const wanted = {
    max_age: hours * HOUR_MS * NANOS,
    max_bytes: (gigabytes ?? NETWORK_SHARE_GB.media) * GB,
    allow_direct: true,
  };
  for await (const { config } of session.jsm.streams.list(mediaSubject({ network: ANY, object: ANY }, ANY))) {
    const isAsWanted =
      config.max_age === wanted.max_age &&
      config.max_bytes === wanted.max_bytes &&
      config.allow_direct === wanted.allow_direct;
    if (!isAsWanted) await session.jsm.streams.update(config.name, { ...config, ...wanted });
  }
}
