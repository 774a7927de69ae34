/** Streams take atomic batches (`allow_atomic`): those of earlier releases, and buckets, whose library does not know the setting. */
import { type StreamInfo } from '@nats-io/jetstream';
import type { BusSession } from './bus-connection.js';

export async function allowBatches({ jsm }: BusSession, stream: string): Promise<void> {
  await allow(jsm, await jsm.streams.info(stream));
}

/** Of streams with other names nothing is changed. */
export async function allowBatchesOf({ jsm }: BusSession, streams: ReadonlySet<string>): Promise<void> {
  for await (const info of jsm.streams.list()) if (streams.has(info.config.name)) await allow(jsm, info);
}

async function allow(jsm: BusSession['jsm'], { config }: StreamInfo): Promise<void> {
  if (config.allow_atomic !== true) await jsm.streams.update(config.name, { ...config, allow_atomic: true });
}
