/** How far Synapse has come with pushing events to application services: read in its own database. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const BUSY_MS = 5000;

/**
 * Whether Synapse has handed an event to its queue of pushes. From then on it counts the event as pushed: if it crashes before
 * the application service has answered, it does not push the event after its next start.
 * @param folder of Synapse's data
 */
export function isQueuedForPush(folder: string, eventId: string): boolean {
  const database = new DatabaseSync(join(folder, 'homeserver.db'), { readOnly: true, timeout: BUSY_MS });
  try {
    const query = database.prepare(
      `SELECT 1 FROM events JOIN appservice_stream_position p ON events.stream_ordering <= p.stream_ordering
       WHERE events.event_id = ?`,
    );
    return query.get(eventId) !== undefined;
  } finally {
    database.close();
  }
}
