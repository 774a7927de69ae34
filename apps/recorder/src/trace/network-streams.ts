/** The streams in which networks send events. The console creates one, with the recorder's consumer, for each new network. */
import { createdAt, recorderConsumer, type BusSession } from '#bus';
import { ANY, subjects } from '#protocol';

/**
 * @param known streams that are read already
 * @returns names of the others on which the recorder's consumer exists
 */
export async function newNetworkStreams(
  session: BusSession,
  known: { has(stream: string): boolean },
): Promise<string[]> {
  const names: string[] = [];
  for await (const name of session.jsm.streams.names(subjects.in(ANY, ANY)))
    if (!known.has(name)) names.push(name);
  const created = await Promise.all(
    names.map((name) => createdAt(session, `${name}/${recorderConsumer.durable_name}`)),
  );
  return names.filter((_, at) => created[at] !== undefined);
}
