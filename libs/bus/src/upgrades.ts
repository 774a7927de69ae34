/** Adapts streams that an earlier release created. Their messages, and when they were created, stay as they are. */
import type { StreamConfig } from '@nats-io/jetstream';
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
