/**
 * Attachments on the bus. An object is a sequence of encrypted blocks and an `info`, written last, which marks it as complete.
 * Each block is one message under a subject of its own: NATS lets a network write only under its own name, any range can be
 * read alone, and writing again after a crash replaces blocks. Why not the client's object store:
 * docs/decisions/0012-media-in-blocks.md.
 */
import pLimit from 'p-limit';
import { z } from 'zod';
import {
  ANY,
  HubError,
  parseJson,
  mediaStream,
  mediaSubject,
  type MediaPlace,
  type Network,
} from '#protocol';
import { awaitedLater, sleep } from '#service';
import type { BusConnection, BusSession } from './bus-connection.js';
import { BLOCK_BYTES, inBlocks, openBlock, sealBlock } from './media-blocks.js';
import {
  readFromService,
  readFromStream,
  type MediaBlock,
  type ReadBlock,
  type StoredBlock,
} from './media-reader.js';

/** Blocks of one object that are transferred at the same time. */
const IN_FLIGHT = 4;
/**
 * The same for all objects together. Few reads: the server answers them from the same queue as all other look-ups, and texts
 * need look-ups too.
 */
const WRITES = 2;
const READS = 1;
const ATTEMPTS = 30;
const RETRY_MS = 500;

const Info = z.object({ size: z.int().nonnegative(), blocks: z.int().nonnegative() });
/** Age after which an existing object is written again, ms: its blocks expire with the stream. */
const YOUNG_MS = 12 * 60 * 60_000;
export type MediaInfo = z.infer<typeof Info>;

/** An object as the hub sees it. */
export interface StoredObject {
  place: MediaPlace;
  /** When it was completed; or begun, if it is incomplete. */
  storedAt: Date;
}

/** How long writing an object may take, ms. An object that is incomplete after that is abandoned. */
const BEGUN_MS = 60 * 60_000;

export class MediaStore {
  private readonly writes = pLimit(WRITES);
  private readonly reads = pLimit(READS);

  private readonly readBlock: ReadBlock;

  /** @param readBlock how a block is read. Absent: over the media service for a member, from the stream for a process of the hub */
  constructor(
    private readonly connection: BusConnection,
    readBlock?: ReadBlock,
  ) {
    const { member } = connection.options;
    this.readBlock = readBlock ?? (member === undefined ? readFromStream : readFromService(member));
  }

  /** undefined: there is no such object, or it is incomplete. */
  async info(place: MediaPlace): Promise<MediaInfo | undefined> {
    return (await this.infoWithTime(place))?.info;
  }

  private async infoWithTime(place: MediaPlace): Promise<{ info: MediaInfo; storedAt: Date } | undefined> {
    const stored = await this.stored(place, 'info');
    const parsed = Info.safeParse(stored && parseJson(stored.data));
    return stored && parsed.success ? { info: parsed.data, storedAt: stored.storedAt } : undefined;
  }

  /**
   * Stores an object, unless it exists. Waits while the bus is away.
   * @param key 32 bytes; must encrypt this content only, since a block's number is its nonce
   * @throws HubError 91 while the bus is away for too long; whatever reading the content throws
   */
  async write(place: MediaPlace, key: Buffer, content: AsyncIterable<Buffer>): Promise<void> {
    const there = await this.infoWithTime(place);
    if (there && Date.now() - there.storedAt.getTime() < YOUNG_MS) {
      // Write the info again, so that the object counts as in use; then check it again, since it may have been deleted meanwhile.
      await this.store(mediaSubject(place, 'info'), Buffer.from(JSON.stringify(there.info)));
      if (there.info.blocks === 0 || (await this.stored(place, 0))) return;
    }
    const writing = new Set<Promise<void>>();
    let [size, blocks] = [0, 0];
    for await (const block of inBlocks(content)) {
      const sealed = sealBlock(block, key, blocks);
      const subject = mediaSubject(place, blocks++);
      size += block.length;
      const work = this.store(subject, sealed).finally(() => writing.delete(work));
      writing.add(work);
      while (writing.size >= IN_FLIGHT) await Promise.race(writing);
    }
    await Promise.all(writing);
    await this.store(mediaSubject(place, 'info'), Buffer.from(JSON.stringify({ size, blocks })));
  }

  /**
   * @param from first byte
   * @throws HubError 107 when the object is not there (any more), 108 when a block is not what was sealed
   */
  async *read(place: MediaPlace, key: Buffer, from = 0, to = Infinity): AsyncGenerator<Buffer> {
    const info = await this.info(place);
    if (!info) throw new HubError('107', 'the attachment is not in the media store');
    const end = Math.min(to, info.size - 1);
    const last = Math.floor(end / BLOCK_BYTES);
    const ahead: Promise<Buffer>[] = [];
    let next = Math.floor(from / BLOCK_BYTES);
    for (let at = next; at <= last; at++) {
      for (; next <= last && next < at + IN_FLIGHT; next++) {
        ahead.push(awaitedLater(this.block(place, key, next)));
      }
      const block = (await ahead.shift()) ?? Buffer.alloc(0);
      const start = at * BLOCK_BYTES;
      yield block.subarray(Math.max(0, from - start), Math.min(block.length, end - start + 1));
    }
  }

  /** Lists complete and incomplete objects. For the hub only. */
  async objects(): Promise<StoredObject[]> {
    const whole = await this.firsts('info');
    const begun = await this.firsts(0);
    const limit = Date.now() - BEGUN_MS;
    const broken = [...begun].filter(([id, { storedAt }]) => !whole.has(id) && storedAt.getTime() < limit);
    return [...whole.values(), ...broken.map(([, object]) => object)];
  }

  /** Deletes an object, unless it was written again since `storedAt`. For the hub only. */
  async remove({ place, storedAt }: StoredObject): Promise<void> {
    const { network, object } = place;
    const now = await this.infoWithTime(place);
    if (now && now.storedAt > storedAt) return;
    await this.patiently(({ jsm }) =>
      jsm.streams.purge(mediaStream(network), { filter: mediaSubject(place, 'info') }),
    );
    await this.patiently(({ jsm }) =>
      jsm.streams.purge(mediaStream(network), { filter: mediaSubject({ network, object }, ANY) }),
    );
  }

  private async firsts(part: 0 | 'info'): Promise<Map<string, StoredObject>> {
    const objects = new Map<string, StoredObject>();
    for (const stream of await this.streams()) {
      const found = await this.patiently(({ jsm }) =>
        jsm.streams.info(stream, { subjects_filter: mediaSubject({ network: ANY, object: ANY }, part) }),
      );
      for (const subject of Object.keys(found.state.subjects ?? {})) {
        const [, , network = '', object = ''] = subject.split('.');
        const place = { network: network as Network, object };
        const storedAt = (await this.stored(place, part))?.storedAt;
        if (storedAt) objects.set(`${network}.${object}`, { place, storedAt });
      }
    }
    return objects;
  }

  private streams(): Promise<string[]> {
    return this.patiently(async ({ jsm }) => {
      const names: string[] = [];
      for await (const name of jsm.streams.names(mediaSubject({ network: ANY, object: ANY }, ANY)))
        names.push(name);
      return names;
    });
  }

  private async block(place: MediaPlace, key: Buffer, number: number): Promise<Buffer> {
    const sealed = await this.stored(place, number);
    if (!sealed) throw new HubError('107', 'a block of the attachment is not in the media store any more');
    return openBlock(sealed.data, key, number);
  }

  private store(subject: string, payload: Uint8Array): Promise<void> {
    return this.writes(() =>
      this.patiently(async ({ js }) => {
        await js.publish(subject, payload);
      }),
    );
  }

  private stored(place: MediaPlace, block: MediaBlock): Promise<StoredBlock | undefined> {
    return this.reads(() => this.patiently((session) => this.readBlock(session, place, block)));
  }

  private async patiently<T>(work: (session: BusSession) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const { session } = this.connection;
      try {
        if (session) return await work(session);
      } catch (cause) {
        if (cause instanceof HubError && cause.code === '107') throw cause;
        if (attempt >= ATTEMPTS) throw new HubError('91', 'the media store does not answer', { cause });
      }
      if (attempt >= ATTEMPTS) throw new HubError('91', 'the bus is away');
      await sleep(RETRY_MS);
    }
  }
}
