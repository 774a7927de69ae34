/** Events of the console, and their description in the OpenAPI document. */
import { z } from 'zod';
import { TOPIC_NAMES } from './event-topics.js';

const Count = z.int().nonnegative();

export const CountsEvent = z.object({
  perSecond: z.number().min(0).max(1e9),
  inFlight: Count,
  waiting: Count,
  failed: Count.describe('Of the last five minutes'),
  deadLetters: Count.nullable().describe('null: the bus is not connected'),
});
export type CountsEvent = z.infer<typeof CountsEvent>;

const EVENTS = {
  ready: z.object({}),
  changed: z.object({ topics: z.array(z.enum(TOPIC_NAMES)).max(TOPIC_NAMES.length) }),
  network: z.object({
    network: z.string().max(100),
    state: z.enum(['available', 'unavailable']),
  }),
  counts: CountsEvent,
  reload: z.object({}),
  bye: z.object({ reason: z.enum(['signed-out', 'stopping']) }),
};
export type EventName = keyof typeof EVENTS;
export type EventData = { [Name in EventName]: z.infer<(typeof EVENTS)[Name]> };

export const EVENTS_TEXT = [
  'Server-sent events (text/event-stream) that say what changed, so that pages read again what they show. They contain no content of messages. An operator gets the events of their network.',
  '',
  '| event | data | meaning |',
  '|---|---|---|',
  '| `changed` | `{"topics": ["changes"]}` | Somebody, or the hub itself, changed something; it has an entry in the audit log. Its `id` is the number of that entry |',
  '| `network` | `{"network": "example", "state": "unavailable"}` | A network became `available` or `unavailable`; at the beginning the state of each network |',
  '| `counts` | `{"perSecond": 20, "inFlight": 12, "waiting": 340, "failed": 7, "deadLetters": 2}` | Counts of the overview, of the last five minutes, when they change; at most every five seconds |',
  '| `ready` | `{}` | Everything that was missed has been sent |',
  '| `reload` | `{}` | The events since `Last-Event-ID` cannot be sent: read everything again |',
  '| `bye` | `{"reason": "signed-out"}` | The stream ends: `signed-out` (the session or key has ended) or `stopping` (connect again) |',
  '',
  `Topics: ${TOPIC_NAMES.map((name) => `\`${name}\``).join(', ')}. New events and topics can be added: ignore those that you do not know.`,
  'A comment is sent every 15 s. One person can have 10 streams, a console 200. A reader that does not read for too long is cut off; it connects again with the header `Last-Event-ID`.',
].join('\n');

export const EventsQuery = z.object({
  lastEventId: z
    .string()
    .max(40)
    .optional()
    .describe(
      'As the header `Last-Event-ID`, for a page that opens a new stream; the header takes precedence',
    ),
});
