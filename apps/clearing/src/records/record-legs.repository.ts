/** Stores the legs of detail records. A leg that is stored already changes nothing, so that any batch may be delivered again. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { dayAfter, type BusinessDate, type BusinessDays } from '#clearing';
import { DEDUPE_DAYS, MediaFailure } from '#protocol';
import { BUSINESS_DAYS } from '../days/business-days.js';
import type { EndedLeg, RoutedLeg, StoredLeg } from './record-legs.js';

interface Key {
  reference: string;
  to: string;
}

interface Complete {
  reference: string;
  to_network: string;
  ended_at: Date;
}

const ROUTED =
  'reference, from_network, to_network, from_party, to_party, class, units, sms_units, accepted_at, routed_seq';
const ROUTED_ROWS = `unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[],
       $9::timestamptz[], $10::bigint[])`;

const WITHOUT_MEDIUM = `d.class = 'media' AND d.code IN (${MediaFailure.options.map((code) => `'${code}'`).join(', ')})`;

@Injectable()
export class RecordLegsRepository {
  constructor(
    private readonly database: DataSource,
    @Inject(BUSINESS_DAYS) private readonly days: BusinessDays,
  ) {}

  /** All or nothing. @returns how many records became complete */
  routed(legs: readonly RoutedLeg[]): Promise<number> {
    return this.database.transaction((manager) => writeRouted(manager, legs, this.days));
  }

  /** All or nothing. @returns how many records became complete */
  ended(stored: readonly StoredLeg[], ended: readonly EndedLeg[]): Promise<number> {
    return this.database.transaction(async (manager) => {
      if (stored.length > 0) await writeStored(manager, stored);
      return ended.length > 0 ? writeEnded(manager, ended, this.days) : 0;
    });
  }
}

async function writeRouted(
  manager: EntityManager,
  legs: readonly RoutedLeg[],
  days: BusinessDays,
): Promise<number> {
  const columns = routedColumns(firstOfEach(legs));
  const complete = await manager.query<Complete[]>(
    `INSERT INTO detail_record AS d (${ROUTED})
     SELECT * FROM ${ROUTED_ROWS} AS v (${ROUTED})
     ON CONFLICT (reference, to_network) DO UPDATE SET
       from_network = EXCLUDED.from_network, from_party = EXCLUDED.from_party, to_party = EXCLUDED.to_party,
       class = EXCLUDED.class, units = EXCLUDED.units, sms_units = EXCLUDED.sms_units,
       accepted_at = EXCLUDED.accepted_at, routed_seq = EXCLUDED.routed_seq
     WHERE d.routed_seq IS NULL AND d.business_date IS NULL
     RETURNING reference, to_network, CASE WHEN outcome_seq IS NOT NULL THEN ended_at END AS ended_at`,
    columns,
  );
  return finish(manager, [...complete, ...(await writeUsedAgain(manager, columns))], days);
}

/**
 * A network can use the id of a refused message again, or an id so old that the bus no longer recognises it, or the id of
 * another network's message. The message is delivered, but the record with its id may be final. It then gets a record of its
 * own, which counts as delivered whatever its outcome, because the outcome has the same id.
 */
function writeUsedAgain(manager: EntityManager, columns: unknown[][]): Promise<Complete[]> {
  return manager.query<Complete[]>(
    `INSERT INTO detail_record (${ROUTED}, outcome, code, ended_at)
     SELECT v.reference || '#' || v.routed_seq, v.from_network, v.to_network, v.from_party, v.to_party, v.class, v.units,
       v.sms_units, v.accepted_at, v.routed_seq, 'delivered', '00', v.accepted_at
     FROM ${ROUTED_ROWS} AS v (${ROUTED}) JOIN detail_record d USING (reference, to_network)
     WHERE d.routed_seq IS DISTINCT FROM v.routed_seq AND (d.from_network <> v.from_network OR d.business_date IS NOT NULL
       AND (d.at_switch OR v.accepted_at > d.accepted_at + interval '${DEDUPE_DAYS} days'))
       AND NOT EXISTS (SELECT 1 FROM detail_record a WHERE a.reference > v.reference || '#' AND a.reference < v.reference || '$'
         AND a.from_network = v.from_network AND a.to_network = v.to_network AND v.accepted_at <= a.accepted_at + interval '${DEDUPE_DAYS} days')
     ON CONFLICT DO NOTHING RETURNING reference, to_network, ended_at`,
    columns,
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

async function writeEnded(
  manager: EntityManager,
  legs: readonly EndedLeg[],
  days: BusinessDays,
): Promise<number> {
  const rows = firstOfEach(legs);
  const column = columnOf(rows);
  const complete = await manager.query<Complete[]>(
    `INSERT INTO detail_record AS d
       (reference, from_network, to_network, from_party, to_party, outcome, code, ended_at, outcome_seq, at_switch)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
       $8::timestamptz[], $9::bigint[], $10::boolean[])
     ON CONFLICT (reference, to_network) DO UPDATE SET
       outcome = EXCLUDED.outcome, code = EXCLUDED.code, ended_at = EXCLUDED.ended_at, outcome_seq = EXCLUDED.outcome_seq,
       at_switch = EXCLUDED.at_switch
     WHERE d.outcome_seq IS NULL AND d.business_date IS NULL AND NOT (EXCLUDED.at_switch AND d.routed_seq IS NOT NULL)
     RETURNING reference, to_network, CASE WHEN routed_seq IS NOT NULL OR at_switch THEN ended_at END AS ended_at`,
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
    ],
  );
  return finish(manager, complete, days);
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

/** Gives complete records their business day; they never change again. One delivered as SMS counts as SMS, one delivered without its attachment as a message. */
async function finish(
  manager: EntityManager,
  rows: readonly Complete[],
  days: BusinessDays,
): Promise<number> {
  const complete = rows.filter(({ ended_at }) => ended_at !== null);
  if (complete.length === 0) return 0;
  const dates = await openDays(manager, new Set(complete.map(({ ended_at }) => days.dateOf(ended_at))));
  const column = columnOf(complete);
  await manager.query(
    `UPDATE detail_record d SET business_date = v.date,
       class = CASE WHEN d.code = '104' AND d.class = 'message' THEN 'sms' WHEN ${WITHOUT_MEDIUM} THEN 'message' ELSE d.class END,
       units = CASE WHEN d.code = '104' AND d.class = 'message' THEN d.sms_units WHEN ${WITHOUT_MEDIUM} THEN 1 ELSE d.units END
     FROM unnest($1::text[], $2::text[], $3::date[]) AS v (reference, to_network, date)
     WHERE d.reference = v.reference AND d.to_network = v.to_network`,
    [
      column(({ reference }) => reference),
      column(({ to_network }) => to_network),
      column(({ ended_at }) => dates.get(days.dateOf(ended_at))),
    ],
  );
  return complete.length;
}

/**
 * For each date the day that takes its records: the date itself, or the next day that is open. The days stay open until this
 * transaction commits, because a close must seal them first. They are locked in the order of dates, against deadlocks.
 */
async function openDays(
  manager: EntityManager,
  wanted: ReadonlySet<BusinessDate>,
): Promise<Map<BusinessDate, BusinessDate>> {
  const taken = new Map<BusinessDate, BusinessDate>();
  for (const date of [...wanted].sort()) {
    let open = date;
    while (!(await isOpen(manager, open))) open = dayAfter(open);
    taken.set(date, open);
  }
  return taken;
}

async function isOpen(manager: EntityManager, date: BusinessDate): Promise<boolean> {
  await manager.query('INSERT INTO business_day (date) VALUES ($1) ON CONFLICT DO NOTHING', [date]);
  const rows = await manager.query<unknown[]>(
    'SELECT 1 FROM business_day WHERE date = $1 AND sealed_at IS NULL FOR SHARE',
    [date],
  );
  return rows.length > 0;
}

/** The first leg of each record, in the order of their keys, in which rows are locked: two writers cannot deadlock. */
function firstOfEach<Row extends Key>(rows: readonly Row[]): Row[] {
  const first = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.reference} ${row.to}`;
    if (!first.has(key)) first.set(key, row);
  }
  return [...first].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}

function columnOf<Row>(rows: readonly Row[]): <T>(of: (row: Row) => T) => T[] {
  return (of) => rows.map(of);
}
