/** Tariffs and a day of detail records, made by the database itself: a million in a few seconds. */
import type { DataSource } from 'typeorm';

export const NETWORKS = ['fetion', 'line', 'matrix', 'qq', 'wechat', 'xmpp', 'yixin', 'yunxin'];
export const DATE = '2026-11-20';

/** @param permille of bill and keep, null for none */
async function tariff(
  database: DataSource,
  [from, to, trafficClass]: [string, string, string],
  [termination, toHub]: [number, number],
  permille: number | null = null,
  shares: object[] = [],
  validFrom = '2026-01-01T00:00:00Z',
): Promise<void> {
  await database.query(
    `INSERT INTO tariff VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, $6, $7, $8, now())`,
    [from, to, trafficClass, validFrom, termination, toHub, permille, JSON.stringify(shares)],
  );
}

/** A default for each class, a pair of its own, a version that begins at noon, shares, and bill and keep. */
export async function seedTariffs(database: DataSource, date = DATE): Promise<void> {
  const acme = { party: 'integrator:acme', part: 1, of: 7, from: 'receiver' };
  const zhong = { party: 'integrator:zhong', part: 3, of: 100, from: 'sender' };
  await tariff(database, ['*', '*', 'message'], [10_000, 1000], 5);
  await tariff(database, ['*', '*', 'media'], [13, 1]);
  await tariff(database, ['*', '*', 'sms'], [30_001, 2000], null, [zhong]);
  await tariff(database, ['fetion', '*', 'message'], [11_111, 900], null, [acme]);
  await tariff(database, ['fetion', 'wechat', 'message'], [50_000, 900], null, [acme, zhong]);
  await tariff(database, ['fetion', 'wechat', 'message'], [40_000, 800], null, [acme], `${date}T04:00:00Z`);
}

/** Complete records, all of one day; one in 13 failed, one in 50 of those was refused by the switch. */
export async function seedRecords(
  database: DataSource,
  count: number,
  date = DATE,
  networks: readonly string[] = NETWORKS,
): Promise<void> {
  await database.query(
    `INSERT INTO detail_record (reference, from_network, to_network, class, units, accepted_at, routed_seq, outcome, code,
       ended_at, outcome_seq, stand_in, at_switch, from_party, to_party, business_date)
     SELECT substr(hash, 1, 27), ($3::text[])[1 + sender], ($3::text[])[1 + (sender + 1 + h % ($4::int - 1)) % $4::int],
       CASE WHEN refused THEN NULL WHEN h % 10 = 0 THEN 'media' WHEN h % 10 = 1 THEN 'sms' ELSE 'message' END,
       CASE WHEN refused THEN NULL WHEN h % 10 = 0 THEN h % 5000 + 1 WHEN h % 10 = 1 THEN h % 3 + 1 ELSE 1 END,
       CASE WHEN NOT refused THEN at END, CASE WHEN NOT refused THEN n END,
       CASE WHEN failed THEN 'failed' ELSE 'delivered' END, CASE WHEN failed THEN '14' ELSE '00' END,
       at + interval '1 second', n, h % 97 = 0, refused, hash, hash, $2::date
     FROM (
       SELECT *, h % $4::int AS sender, h % 13 = 0 AS failed, h % 650 = 0 AS refused,
         $2::date - interval '9 hours' + n * interval '24 hours' / $1::int AS at
       FROM (SELECT n, md5(n::text) AS hash, hashint8(n)::bigint + 2147483648 AS h FROM generate_series(1, $1::int) n) numbered
     ) drawn`,
    [count, date, networks, networks.length],
  );
}

export async function seedNetworks(database: DataSource): Promise<void> {
  await database.query(
    `INSERT INTO network (slug, name, status, created_at) SELECT slug, slug, 'live', now() FROM unnest($1::text[]) slug`,
    [NETWORKS],
  );
}
