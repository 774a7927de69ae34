/** Adapts streams and consumers that an earlier release created. What they hold, and when they were created, stays as it is. */
import type { ConsumerConfig, StreamConfig } from '@nats-io/jetstream';
import type { BusSession } from './bus-connection.js';

/** Keeps messages for at least the wanted time, and takes the wanted subjects too. */
export async function upgradeStream(
  { jsm }: BusSession,
  wanted: Partial<StreamConfig> & { name: string },
): Promise<void> {
  const { config: found } = await jsm.streams.info(wanted.name);
  const max_age = Math.max(found.max_age, wanted.max_age ?? 0);
  const subjects = [...new Set([...found.subjects, ...(wanted.subjects ?? [])])];
  if (max_age === found.max_age && subjects.length === found.subjects.length) return;
  await jsm.streams.update(wanted.name, { ...found, max_age, subjects });
}

/** Reads several subjects, where an earlier release read one. A consumer with one subject was never changed. */
export async function upgradeConsumer(
  { jsm }: BusSession,
  stream: string,
  { durable_name, filter_subjects }: Partial<ConsumerConfig> & { durable_name: string },
): Promise<void> {
  if (filter_subjects === undefined) return;
  const { config: found } = await jsm.consumers.info(stream, durable_name);
  if (!found.filter_subject) return;
  // The client adds what is given to what the consumer has: the one subject must be taken away.
  await jsm.consumers.update(stream, durable_name, { filter_subject: '', filter_subjects });
}
