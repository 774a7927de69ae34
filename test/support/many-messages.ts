/**
 * A trace of many messages, made by the database itself: people, networks and failures are as uneven as in production. Everything
 * about message number `n` follows from `n`, so a test knows what it must find.
 */
import type { DataSource, EntityManager } from 'typeorm';

/** Networks with their share of the people, in percent. */
const SHARES: Record<string, number> = {
  wechat: 40,
  xmpp: 25,
  matrix: 15,
  fetion: 10,
  yixin: 7,
  line: 2,
  yunxin: 1,
};
const NETWORKS = Object.keys(SHARES);
/** Failures are one message in 50; of these, the codes in percent. */
const CODES: Record<string, number> = { '91': 60, '14': 25, '40': 12, '65': 2, '61': 1 };
const FAILED_EVERY = 50;
const DAYS = 30;
/** Of the people, who write and are written to very unevenly. */
const MESSAGES_PER_PERSON = 50;

/** Rows are inserted without indexes, which are made afterwards: several times faster. */
const TABLES = ['checkpoint', 'native_ref', 'detail_record', 'rated_record'];

/** Repeats each name as often as its share says: a random place in the list is a random choice by share. */
const drawn = (shares: Record<string, number>): string[] =>
  Object.entries(shares).flatMap(([name, share]) => Array<string>(share).fill(name));

const PERSON = (seed: number) =>
  `floor($5::float8 * power((hashint8extended(n, ${seed}) & 1048575)::float8 / 1048576, 3))::bigint`;
const NETWORK = (person: string) => `($3::text[])[(1 + ${person} % 100)::int]`;

/** $1: count; $2: end of the 30 days; $3: networks by share; $4: codes by share; $5: people. */
const MESSAGES = `
  CREATE TEMPORARY TABLE many ON COMMIT DROP AS
  SELECT n, 'e' || substr(md5('event ' || n), 1, 26) AS event_id, 'native ' || n AS native, failed, code,
    'direct:' || substr(md5(least(a, b) || ' ' || greatest(a, b)), 1, 27) AS conversation,
    'im:p' || a || '@' || from_network AS sender, 'im:p' || b || '@' || to_network AS recipient, from_network, to_network,
    $2::timestamptz - ($1::bigint - n) * (interval '${DAYS} days' / $1::bigint) AS at
  FROM (
    SELECT n, a, b, n % ${FAILED_EVERY} = 0 AS failed, ($4::text[])[(1 + n / ${FAILED_EVERY} % 100)::int] AS code,
      ${NETWORK('a')} AS from_network, ${NETWORK('b')} AS to_network
    FROM (SELECT n, ${PERSON(1)} AS a, ${PERSON(2)} AS b FROM generate_series(1, $1::bigint) n) numbered
  ) drawn`;

const COPIES: readonly string[] = [
  `INSERT INTO checkpoint (id, event_id, stage, network, kind, conversation, from_address, to_address, code, at, sent_at)
   SELECT 'in:' || from_network || ':' || n || ':0', event_id, 'accepted', from_network, 'message', conversation, sender, recipient,
     '00', at, at - interval '1 second' FROM many ORDER BY n`,
  `INSERT INTO checkpoint (id, event_id, stage, network, kind, conversation, from_address, to_address, code, at)
   SELECT 'report:' || n || ':0', event_id, CASE WHEN failed THEN 'failed' ELSE 'delivered' END, to_network, 'message', conversation,
     sender, recipient, CASE WHEN failed THEN code ELSE '00' END, at + interval '1 second'
   FROM many WHERE failed OR n % 10 = 1 ORDER BY n`,
  `INSERT INTO native_ref (network, native_hash, event_id, at)
   SELECT from_network, encode(sha256(convert_to(native, 'UTF8')), 'hex'), event_id, at FROM many`,
  `INSERT INTO detail_record (reference, from_network, to_network, class, units, accepted_at, routed_seq, outcome, code, ended_at,
     outcome_seq, from_party, to_party, business_date)
   SELECT event_id, from_network, to_network, 'message', 1, at, n, CASE WHEN failed THEN 'failed' ELSE 'delivered' END,
     CASE WHEN failed THEN code ELSE '00' END, at + interval '1 second', n, 'a', 'b', at::date FROM many`,
  `INSERT INTO rated_record (business_date, reference, to_network, price, switch_fee)
   SELECT at::date, event_id, to_network, 50000, 1000 FROM many WHERE n % 10 = 1`,
];

/** One of the messages. */
export interface OneMessage {
  eventId: string;
  native: string;
  from: string;
  to: string;
  network: string;
  at: string;
}

/** @param until time of the last message; the first is 30 days older */
export async function seedMessages(database: DataSource, count: number, until: Date): Promise<void> {
  await database.query(
    `INSERT INTO network (slug, name, status, created_at) SELECT slug, slug, 'live', now() FROM unnest($1::text[]) slug
     ON CONFLICT DO NOTHING`,
    [NETWORKS],
  );
  await database.transaction(async (manager) => {
    await manager.query("SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '256MB'");
    await withoutIndexes(manager, async () => {
      const people = Math.ceil(count / MESSAGES_PER_PERSON);
      await manager.query(MESSAGES, [count, until.toISOString(), drawn(SHARES), drawn(CODES), people]);
      for (const copy of COPIES) await manager.query(copy);
    });
    await manager.query(
      `INSERT INTO link (number, since, preferred, findable, address)
       SELECT ('86138' || lpad(n::text, 8, '0'))::bigint, now(), true, true, sender FROM many WHERE n <= 50000`,
    );
  });
  for (const table of [...TABLES, 'link']) await database.query(`VACUUM ANALYZE ${table}`);
}

/** The message with this number, from 1, and who wrote it to whom. */
export async function messageAt(database: DataSource, n: number): Promise<OneMessage> {
  const [row] = await database.query<(Omit<OneMessage, 'native' | 'at'> & { at: Date })[]>(
    `SELECT event_id AS "eventId", from_address AS "from", to_address AS "to", network, at FROM checkpoint
     WHERE event_id = 'e' || substr(md5('event ' || $1::text), 1, 26) AND stage = 'accepted'`,
    [String(n)],
  );
  if (!row) throw new Error(`there is no message ${n}`);
  return { ...row, native: `native ${n}`, at: row.at.toISOString() };
}

interface Definition {
  drop: string;
  create: string;
}

async function withoutIndexes(manager: EntityManager, insert: () => Promise<void>): Promise<void> {
  // A primary key is dropped with its constraint.
  const definitions = await manager.query<Definition[]>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS create
     FROM pg_constraint WHERE contype = 'p' AND conrelid::regclass::text = ANY ($1)
     UNION ALL
     SELECT format('DROP INDEX %I', indexname), indexdef FROM pg_indexes
     WHERE tablename = ANY ($1) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)`,
    [TABLES],
  );
  expect(definitions.length).toBeGreaterThan(TABLES.length);
  for (const { drop } of definitions) await manager.query(drop);
  await insert();
  for (const { create } of definitions) await manager.query(create);
}
