/** Stores the legs of detail records. A leg that is stored already changes nothing, so that any batch may be delivered again. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { BusinessDate, BusinessDays } from '#clearing';
import { DEDUPE_DAYS, MediaFailure } from '#protocol';
import { BUSINESS_DAYS } from '../days/business-days.js';
import { writeCalls } from './call-acts.repository.js';
import { openDays } from './open-days.repository.js';
import type { CallAct, EndedLeg, RoutedLeg, StoredLeg } from './record-legs.js';

interface Key {
  reference: string;
  to: string;
}

/** A record in which a routed leg was stored. */
interface Written {
  reference: string;
  to_network: string;
  /** null: the record has no outcome yet. */
  ended_at: Date | null;
}

const ROUTED =
  'reference, from_network, to_network, from_party, to_party, class, units, sms_units, accepted_at, routed_seq';
const ENDED =
  'reference, from_network, to_network, from_party, to_party, outcome, code, ended_at, outcome_seq, at_switch';
const ROUTED_ROWS = `unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
       $9::timestamptz[], $10::bigint[])`;

/** One delivered as SMS counts as SMS, one delivered without its attachment as a message. @param code of the outcome, an expression */
const billed = (code: string) => {
  const asSms = `${code} = '104' AND d.class = 'message'`;
  const withoutMedium = `d.class = 'media' AND ${code} IN (${MediaFailure.options.map((failure) => `'${failure}'`).join(', ')})`;
  return `class = CASE WHEN ${asSms} THEN 'sms' WHEN ${withoutMedium} THEN 'message' ELSE d.class END,
       units = CASE WHEN ${asSms} THEN d.sms_units WHEN ${withoutMedium} THEN 1 ELSE d.units END`;
};

@Injectable()
export class RecordLegsRepository {
  constructor(
    private readonly database: DataSource,
    @Inject(BUSINESS_DAYS) private readonly days: BusinessDays,
  ) {}

  /** All or nothing. @returns how many records became complete */
  routed(legs: readonly RoutedLeg[], acts: readonly CallAct[]): Promise<number> {
    return this.database.transaction(async (manager) => {
      const complete = legs.length > 0 ? await writeRouted(manager, legs, this.days) : 0;
      const invited = legs.filter((leg) => leg.class === 'call').map(({ reference }) => reference);
      if (invited.length + acts.length === 0) return complete;
      return complete + (await writeCalls(manager, invited, acts, this.days));
    });
  }

  /**
   * Legs of each date are stored all or not at all, in a transaction of their own: a transaction locks records in the order of
   * their keys once. @returns how many records became complete
   */
  async ended(stored: readonly StoredLeg[], ended: readonly EndedLeg[]): Promise<number> {
    if (stored.length > 0) await this.database.transaction((manager) => writeStored(manager, stored));
    let complete = 0;
    for (const [date, legs] of Map.groupBy(ended, ({ at }) => this.days.dateOf(at)))
      complete += await this.database.transaction((manager) => writeEnded(manager, legs, date));
    return complete;
  }
}

async function writeRouted(
  manager: EntityManager,
  legs: readonly RoutedLeg[],
  days: BusinessDays,
): Promise<number> {
  const rows = firstOfEach(legs);
  const written = await manager.query<Written[]>(
    `INSERT INTO detail_record AS d (${ROUTED})
     SELECT * FROM ${ROUTED_ROWS} AS v (${ROUTED})
     ON CONFLICT (reference, to_network) DO UPDATE SET
       from_network = EXCLUDED.from_network, from_party = EXCLUDED.from_party, to_party = EXCLUDED.to_party,
       class = EXCLUDED.class, units = EXCLUDED.units, sms_units = EXCLUDED.sms_units,
       accepted_at = EXCLUDED.accepted_at, routed_seq = EXCLUDED.routed_seq
     WHERE d.routed_seq IS NULL AND d.business_date IS NULL
     RETURNING reference, to_network, CASE WHEN outcome_seq IS NOT NULL THEN ended_at END AS ended_at`,
    routedColumns(rows),
  );
  const stored = new Set(written.map(({ reference, to_network }) => keyOf({ reference, to: to_network })));
  const others = rows.filter((row) => !stored.has(keyOf(row)));
  // Nearly every leg is new. Looking for records with the ids of all of them would cost as much as writing them.
  const again = others.length > 0 ? await writeUsedAgain(manager, others) : [];
  return finish(manager, [...written, ...again], days);
}

/**
 * A network can use the id of a refused message again, or an id so old that the bus no longer recognises it, or the id of
 * another network's message. The message is delivered, but the record with its id may be final. It then gets a record of its
 * own, which counts as delivered whatever its outcome, because the outcome has the same id.
 * @param rows whose record is final or has a routed leg already
 */
function writeUsedAgain(manager: EntityManager, rows: readonly RoutedLeg[]): Promise<Written[]> {
  return manager.query<Written[]>(
    `INSERT INTO detail_record (${ROUTED}, outcome, code, ended_at)
     SELECT v.reference || '#' || v.routed_seq, v.from_network, v.to_network, v.from_party, v.to_party, v.class, v.units,
       v.sms_units, v.accepted_at, v.routed_seq, 'delivered', '00', v.accepted_at
     FROM ${ROUTED_ROWS} AS v (${ROUTED}) JOIN detail_record d USING (reference, to_network)
     WHERE d.routed_seq IS DISTINCT FROM v.routed_seq AND (d.from_network <> v.from_network OR d.business_date IS NOT NULL
       AND (d.at_switch OR v.accepted_at > d.accepted_at + interval '${DEDUPE_DAYS} days'))
       AND NOT EXISTS (SELECT 1 FROM detail_record a WHERE a.reference > v.reference || '#' AND a.reference < v.reference || '$'
         AND a.from_network = v.from_network AND a.to_network = v.to_network AND v.accepted_at <= a.accepted_at + interval '${DEDUPE_DAYS} days')
     ON CONFLICT DO NOTHING RETURNING reference, to_network, ended_at`,
    routedColumns(rows),
  );
}

function routedColumns(rows: readonly RoutedLeg[]): unknown[][] {
  const column = columnOf(rows);
  return [
    column(({ reference }) => reference),
    column(({ from }) => from),
    column(({ to }) => to),
    column(({ fromParty }) => fromParty),
    column(({ toParty }) => toParty),
    column(({ class: name }) => name),
    column(({ units }) => units),
    column(({ smsUnits }) => smsUnits),
    column(({ at }) => at),
    column(({ seq }) => seq),
  ];
}

/**
 * Gives a record that becomes complete its business day in the same write: a second one would double the work.
 * @param date on which all of them ended
 */
async function writeEnded(
  manager: EntityManager,
  legs: readonly EndedLeg[],
  date: BusinessDate,
): Promise<number> {
  const day = (await openDays(manager, new Set([date]))).get(date);
  const column = columnOf(firstOfEach(legs));
  const [complete] = await manager.query<{ count: number }[]>(
    `WITH written AS (
       INSERT INTO detail_record AS d (${ENDED}, business_date)
       SELECT *, CASE WHEN at_switch THEN $11::date END
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
         $9::bigint[], $10::boolean[]) AS v (${ENDED})
       ON CONFLICT (reference, to_network) DO UPDATE SET
         outcome = EXCLUDED.outcome, code = EXCLUDED.code, ended_at = EXCLUDED.ended_at, outcome_seq = EXCLUDED.outcome_seq,
         at_switch = EXCLUDED.at_switch, ${billed('EXCLUDED.code')},
         business_date = CASE WHEN d.routed_seq IS NOT NULL OR EXCLUDED.at_switch THEN $11::date END
       WHERE d.outcome_seq IS NULL AND d.business_date IS NULL AND NOT (EXCLUDED.at_switch AND d.routed_seq IS NOT NULL)
       RETURNING business_date)
     SELECT count(business_date)::int AS count FROM written`,
    [
      column(({ reference }) => reference),
      column(({ from }) => from),
      column(({ to }) => to),
      column(({ fromParty }) => fromParty),
      column(({ toParty }) => toParty),
      column(({ outcome }) => outcome),
      column(({ code }) => code),
      column(({ at }) => at),
      column(({ seq }) => seq),
      column(({ atSwitch }) => atSwitch),
      day,
    ],
  );
  return complete?.count ?? 0;
}

async function writeStored(manager: EntityManager, legs: readonly StoredLeg[]): Promise<void> {
  const column = columnOf(firstOfEach(legs));
  await manager.query(
    `INSERT INTO detail_record AS d (reference, from_network, to_network, from_party, to_party, stand_in)
     SELECT *, true FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
     ON CONFLICT (reference, to_network) DO UPDATE SET stand_in = true WHERE d.business_date IS NULL AND NOT d.stand_in`,
    [
      column(({ reference }) => reference),
      column(({ from }) => from),
      column(({ to }) => to),
      column(({ fromParty }) => fromParty),
      column(({ toParty }) => toParty),
    ],
  );
}

/**
 * Gives records whose outcome was stored before their routed leg their business day; they never change again.
 * @returns how many
 */
async function finish(manager: EntityManager, rows: readonly Written[], days: BusinessDays): Promise<number> {
  const complete = rows.flatMap(({ ended_at, ...key }) =>
    ended_at === null ? [] : [{ ...key, date: days.dateOf(ended_at) }],
  );
  if (complete.length === 0) return 0;
  const dates = await openDays(manager, new Set(complete.map(({ date }) => date)));
  const column = columnOf(complete);
  await manager.query(
    `UPDATE detail_record d SET business_date = v.date, ${billed('d.code')}
     FROM unnest($1::text[], $2::text[], $3::date[]) AS v (reference, to_network, date)
     WHERE d.reference = v.reference AND d.to_network = v.to_network`,
    [
      column(({ reference }) => reference),
      column(({ to_network }) => to_network),
      column(({ date }) => dates.get(date)),
    ],
  );
  return complete.length;
}

/** The first leg of each record, in the order of their keys, in which rows are locked: two writers cannot deadlock. */
function firstOfEach<Row extends Key>(rows: readonly Row[]): Row[] {
  const first = new Map<string, Row>();
  for (const row of rows) {
    const key = keyOf(row);
    if (!first.has(key)) first.set(key, row);
  }
  return [...first].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}

function keyOf({ reference, to }: Key): string {
  return `${reference} ${to}`;
}

function columnOf<Row>(rows: readonly Row[]): <T>(of: (row: Row) => T) => T[] {
  return (of) => rows.map(of);
}
