/** Lists streams, consumers and buckets of the bus with their creation times, which distinguish a restored object from a recreated one. */
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { sleep, type Log } from '#service';
import type { BusSession } from './bus-connection.js';
import { hubTopology, type BusObject } from './topology.js';

const NOT_FOUND: number[] = [JetStreamApiCodes.StreamNotFound, JetStreamApiCodes.ConsumerNotFound];
const LOOK_EVERY_MS = 500;
const SAY_EVERY_LOOKS = 20;

/** By name: the server's creation time, to the nanosecond, as the server writes it. */
export type Created = ReadonlyMap<string, string>;

/** Lists all of them: two requests for each 256 objects. */
export async function createdOnBus({ jsm }: BusSession): Promise<Created> {
  const created = new Map<string, string>();
  for await (const info of jsm.streams.list()) created.set(info.config.name, info.created);
  const streams = [...created.keys()].filter((name) => !name.startsWith('KV_') && !name.startsWith('MEDIA_'));
  for (const stream of streams) {
    for await (const info of jsm.consumers.list(stream)) created.set(`${stream}/${info.name}`, info.created);
  }
  return created;
}

/**
 * Looks one object up. The list of a cluster leaves out objects without a leader; this call distinguishes them from missing ones.
 * @returns undefined when it does not exist @throws when the server cannot tell
 */
export async function createdAt({ jsm }: BusSession, name: string): Promise<string | undefined> {
  const [stream = '', consumer] = name.split('/');
  try {
    const info =
      consumer === undefined ? await jsm.streams.info(stream) : await jsm.consumers.info(stream, consumer);
    return info.created;
  } catch (error) {
    if (saysNotFound(error)) return undefined;
    throw error;
  }
}

/** The server says that a stream or consumer does not exist. */
export function saysNotFound(error: unknown): boolean {
  return error instanceof JetStreamApiError && NOT_FOUND.includes(error.code);
}

/** Creates the missing objects and leaves the others unchanged. */
export async function createMissing(session: BusSession, wanted: readonly BusObject[]): Promise<void> {
  const created = await createdOnBus(session);
  for (const object of wanted) if (!created.has(object.name)) await object.create(session);
}

/**
 * For a process that may not create: waits until all of the hub's own streams, consumers and buckets are there.
 * @throws when the session ends before
 */
export async function untilTopologyStands(session: BusSession, log: Log): Promise<void> {
  for (let look = 0; !session.ended.aborted; look++) {
    const created = await createdOnBus(session);
    const missing = hubTopology().filter(({ name }) => !created.has(name));
    if (missing.length === 0) return;
    if (look % SAY_EVERY_LOOKS === 0)
      log.warn(
        { missing: missing.map(({ name }) => name) },
        'waiting for streams, consumers or buckets that the console creates; if they once existed, see docs/operations.md, "Durability"',
      );
    await sleep(LOOK_EVERY_MS, session.ended);
  }
  throw new Error('the session ended while streams were missing');
}
