/**
 * Completes the records of calls: their units are the seconds from the answer to the end. Invitation, answer and end are read by
 * different consumers, in any order, so answer and end are kept until all that is needed is there.
 */
import type { DataSource, EntityManager } from 'typeorm';
import type { BusinessDays } from '#clearing';
import { openDays } from './open-days.repository.js';
import type { CallAct, CallEnd } from './record-legs.js';

/** Longer than a call may last, and than the ledger may lag behind. */
const KEPT_DAYS = 7;

interface Complete {
  reference: string;
  to_network: string;
  ended_at: Date;
}

/** @param invited references of the invitations in the same batch. @returns how many records became complete */
export async function writeCalls(
  manager: EntityManager,
  invited: readonly string[],
  acts: readonly CallAct[],
  days: BusinessDays,
): Promise<number> {
  if (acts.length > 0) await storeActs(manager, acts);
  const calls = [...new Set([...invited, ...acts.map(({ call }) => call)])];
  const complete = await completeOf(manager, calls);
  if (complete.length === 0) return 0;
  const dates = await openDays(manager, new Set(complete.map(({ ended_at }) => days.dateOf(ended_at))));
  await manager.query(
    `UPDATE detail_record d SET answered_at = a.answered_at, call_end = a.call_end, outcome = 'delivered', code = '00',
       ended_at = a.ended_at, outcome_seq = a.seq, business_date = v.date,
       units = CASE WHEN a.answered_at IS NULL THEN 0
         ELSE greatest(0, ceil(extract(epoch FROM a.ended_at - a.answered_at))) END
     FROM unnest($1::text[], $2::text[], $3::date[]) AS v (reference, to_network, date), call_act a
     WHERE d.reference = v.reference AND d.to_network = v.to_network AND ${IS_OF}`,
    [
      complete.map(({ reference }) => reference),
      complete.map(({ to_network }) => to_network),
      complete.map(({ ended_at }) => dates.get(days.dateOf(ended_at))),
    ],
  );
  await manager.query(
    `DELETE FROM call_act a USING detail_record d
     WHERE a.call = ANY($1::text[]) AND ${IS_OF} AND d.business_date IS NOT NULL`,
    [complete.map(({ reference }) => reference)],
  );
  return complete.length;
}

/** `a` is about the call of the record `d`: a third network cannot end a call of two others. */
const IS_OF = `a.call = d.reference AND d.class = 'call'
  AND a.one = least(d.from_network, d.to_network) AND a.other = greatest(d.from_network, d.to_network)`;

type Kept = Pick<CallAct, 'call' | 'one' | 'other'> & {
  answeredAt?: Date;
  end?: { at: Date; by: CallEnd; seq: number };
};

/** The first answer and the first end of each call count. */
async function storeActs(manager: EntityManager, acts: readonly CallAct[]): Promise<void> {
  const rows = ofEachCall(acts);
  await manager.query(
    `INSERT INTO call_act AS a (call, one, other, answered_at, ended_at, call_end, seq)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::text[], $7::bigint[])
     ON CONFLICT (call, one, other) DO UPDATE SET
       answered_at = coalesce(a.answered_at, EXCLUDED.answered_at), ended_at = coalesce(a.ended_at, EXCLUDED.ended_at),
       call_end = coalesce(a.call_end, EXCLUDED.call_end), seq = coalesce(a.seq, EXCLUDED.seq)`,
    [
      rows.map(({ call }) => call),
      rows.map(({ one }) => one),
      rows.map(({ other }) => other),
      rows.map(({ answeredAt }) => answeredAt),
      rows.map(({ end }) => end?.at),
      rows.map(({ end }) => end?.by),
      rows.map(({ end }) => end?.seq),
    ],
  );
}

/** One row for each call, in the order of their keys, in which rows are locked: two writers cannot deadlock. */
function ofEachCall(acts: readonly CallAct[]): Kept[] {
  const rows = new Map<string, Kept>();
  for (const { call, one, other, act, at, seq } of acts) {
    const key = `${call} ${one} ${other}`;
    const row = rows.get(key) ?? { call, one, other };
    if (act === 'answered') row.answeredAt ??= at;
    else row.end ??= { at, by: act, seq };
    rows.set(key, row);
  }
  return [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}

/** Deletes what became of calls whose invitation was never routed. @returns how many */
export async function deleteOldActs(database: DataSource): Promise<number> {
  const [, deleted] = await database.query<[unknown, number]>(
    `DELETE FROM call_act WHERE written_at < now() - interval '${KEPT_DAYS} days'`,
  );
  return deleted;
}

/** A call that was hung up was answered: the record waits until the answer is read. */
function completeOf(manager: EntityManager, calls: readonly string[]): Promise<Complete[]> {
  return manager.query<Complete[]>(
    `SELECT d.reference, d.to_network, a.ended_at FROM detail_record d JOIN call_act a ON ${IS_OF}
     WHERE d.reference = ANY($1::text[]) AND d.routed_seq IS NOT NULL AND d.business_date IS NULL AND a.call_end IS NOT NULL
       AND (a.call_end <> 'ended' OR a.answered_at IS NOT NULL)
     ORDER BY d.reference, d.to_network FOR UPDATE OF d`,
    [calls],
  );
}
