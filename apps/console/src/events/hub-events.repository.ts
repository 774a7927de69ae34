/** Events of the hub: written once each, together with the deliveries to the webhooks that subscribe to them. */
import { randomUUID } from 'node:crypto';
import { LOCKS, type Queries } from '#database';
import type { EventKind, SubscribedKind } from './event-kinds.js';

export interface HubEvent {
  /** What happened. An event with a key that was written before is not written again. */
  key: string;
  kind: EventKind;
  /** Network whose webhooks get it, beside those of the exchange; null: of the exchange alone. */
  network: string | null;
  /** As in the audit log: `<kind>/<id>`. */
  subject: string;
  words: string;
}

/** Maximum number of deliveries of one webhook that wait. Further events are not delivered to it. */
export const MOST_WAITING = 1000;
const MOST_WORDS = 2000;
/** Days for which events and their deliveries are kept: longer than the time ahead in which an expiry is an event. */
const KEPT_DAYS = 60;
const MOST_REMOVED = 5000;

/** @returns its id, or undefined if an event with this key exists */
export async function insertEvent(queries: Queries, event: HubEvent): Promise<string | undefined> {
  const { key, kind, network, subject, words } = event;
  const [made] = await queries.query<{ id: string }[]>(
    `INSERT INTO hub_event (id, key, kind, network, subject, words, at)
     VALUES ($1, $2, $3, $4, $5, $6, date_trunc('milliseconds', now())) ON CONFLICT (key) DO NOTHING RETURNING id`,
    [randomUUID(), key, kind, network, subject, words.slice(0, MOST_WORDS)],
  );
  return made?.id;
}

/** Call it in the transaction of what happened, so that neither is there without the other. */
export async function recordEvent(
  queries: Queries,
  event: HubEvent & { kind: SubscribedKind },
): Promise<void> {
  const id = await insertEvent(queries, event);
  if (id === undefined) return;
  await queries.query(
    `INSERT INTO webhook_delivery (id, webhook_id, event_id, state, created_at, next_at)
     SELECT gen_random_uuid(), w.id, $1, 'waiting', date_trunc('milliseconds', now()), now() FROM webhook w
     WHERE w.enabled AND $2 = ANY (w.kinds) AND (w.network IS NULL OR w.network = $3)
       AND (SELECT count(*) FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'waiting') < ${MOST_WAITING}`,
    [id, event.kind, event.network],
  );
}

/** Until the end of the transaction. @returns false while another console looks for events */
export async function tryLockEvents(queries: Queries): Promise<boolean> {
  const [lock] = await queries.query<{ ours: boolean }[]>('SELECT pg_try_advisory_xact_lock($1) AS ours', [
    LOCKS.events,
  ]);
  return lock?.ours === true;
}

/** Live networks, each with the newest event about its availability. */
export function liveNetworks(
  queries: Queries,
): Promise<{ slug: string; last: 'network.available' | 'network.unavailable' | null }[]> {
  return queries.query(
    `SELECT n.slug, (SELECT e.kind FROM hub_event e
       WHERE e.network = n.slug AND e.kind IN ('network.available', 'network.unavailable') ORDER BY e.at DESC LIMIT 1) AS last
     FROM network n WHERE n.status = 'live' ORDER BY n.slug LIMIT 1000`,
  );
}

/** Business days that were closed within the last week and have no event. */
export async function closedDaysWithoutEvent(queries: Queries): Promise<string[]> {
  const rows = await queries.query<{ date: string }[]>(
    `SELECT to_char(d.date, 'YYYY-MM-DD') AS date FROM business_day d
     WHERE d.state = 'closed' AND d.closed_at > now() - interval '8 days' AND NOT EXISTS (
       SELECT 1 FROM hub_event e WHERE e.kind = 'statement.ready' AND e.at > now() - interval '9 days'
         AND e.subject = 'business-day/' || to_char(d.date, 'YYYY-MM-DD'))
     ORDER BY d.date`,
  );
  return rows.map(({ date }) => date);
}

/** Where a search for new events stopped. */
export async function positionOf(queries: Queries, name: string): Promise<number | undefined> {
  const [row] = await queries.query<{ value: number }[]>('SELECT value FROM setting WHERE key = $1', [name]);
  return row?.value;
}

export async function setPosition(queries: Queries, name: string, position: number): Promise<void> {
  await queries.query(
    'INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    [name, JSON.stringify(position)],
  );
}

export async function removeOldEvents(queries: Queries): Promise<void> {
  await queries.query(
    `DELETE FROM hub_event WHERE id IN (
       SELECT id FROM hub_event WHERE at < now() - interval '${KEPT_DAYS} days' ORDER BY at LIMIT ${MOST_REMOVED})`,
  );
}
