/** Table of payments; this code inserts them, and the close of a day takes them up on a statement. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { MomentKey } from '../http/page.js';
import type { PaymentTerms } from './payment.dto.js';

export interface NewPaymentRow {
  id: string;
  date: string;
  terms: PaymentTerms;
  /** Millionths of a yuan. */
  amount: bigint;
  reason: string;
  recordedBy: string;
  approvedBy: string;
  at: Date;
}

export interface PaymentRow {
  id: string;
  date: string;
  party: string;
  /** Millionths of a yuan; numeric as text. */
  amount: string;
  paid_on: string;
  reference: string;
  reason: string;
  /** Names of people. */
  recorder: string | null;
  approver: string | null;
  created_at: Date;
  statement_date: string | null;
}

export interface PositionColumns {
  /** Millionths of a yuan; numeric as text. */
  amount: string;
  paid: string;
}

export interface OpenPositionColumns extends PositionColumns {
  date: string;
  party: string;
  due_on: string | null;
  overdue: boolean;
}

export interface PaymentFilter {
  party: string | null;
  date: string | null;
  limit: number;
}

/** Days are those of the zone in which statements show times. */
const TODAY = `($1::timestamptz AT TIME ZONE coalesce(d.zone, 'Asia/Shanghai'))::date`;
const PAID = `coalesce((SELECT sum(amount) FROM payment WHERE business_date = p.business_date AND party = p.party), 0)`;
const OPEN = `
  SELECT p.business_date::text AS date, p.party, p.amount::text, paid::text, d.due_on::text,
    coalesce(d.due_on, d.date) < ${TODAY} AS overdue
  FROM position p JOIN business_day d ON d.date = p.business_date CROSS JOIN LATERAL (SELECT ${PAID} AS paid) paid
  WHERE p.amount <> paid AND ($2::text IS NULL OR p.party = $2) AND ($3::date IS NULL OR p.business_date = $3)`;
const NAME_OF = (key: string) =>
  `(SELECT n.name FROM api_key k JOIN person n ON n.id = k.person_id WHERE k.id = ${key})`;

@Injectable()
export class PaymentsRepository {
  constructor(private readonly database: DataSource) {}

  /** Until the end of the transaction nobody else records a payment of this position. @returns undefined if there is no position */
  async lockPosition(
    manager: EntityManager,
    date: string,
    party: string,
  ): Promise<PositionColumns | undefined> {
    const [row] = await manager.query<PositionColumns[]>(
      `SELECT amount::text, ${PAID}::text AS paid FROM position p WHERE business_date = $1::date AND party = $2 FOR UPDATE`,
      [date, party],
    );
    return row;
  }

  async insert(manager: EntityManager, row: NewPaymentRow): Promise<void> {
    const { party, paidOn, reference } = row.terms;
    await manager.query(
      `INSERT INTO payment (id, business_date, party, amount, paid_on, reference, reason, recorded_by, approved_by, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        row.id,
        row.date,
        party,
        row.amount.toString(),
        paidOn,
        reference,
        row.reason,
        row.recordedBy,
        row.approvedBy,
        row.at,
      ],
    );
  }

  /** Newest first; one row more than the limit. */
  list({ party, date, limit }: PaymentFilter, before: MomentKey | undefined): Promise<PaymentRow[]> {
    const [at, id] = before ?? [null, null];
    return this.database.query(
      `SELECT id, business_date::text AS date, party, amount::text, paid_on::text, reference, reason,
         ${NAME_OF('payment.recorded_by')} AS recorder, ${NAME_OF('payment.approved_by')} AS approver, created_at, statement_date::text
       FROM payment
       WHERE ($1::text IS NULL OR party = $1) AND ($2::date IS NULL OR business_date = $2)
         AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
       ORDER BY created_at DESC, id DESC LIMIT $5`,
      [party, date, at, id, limit + 1],
    );
  }

  /** Positions that are not paid, the oldest first; one row more than the limit. */
  open(
    now: Date,
    { party, date, limit }: PaymentFilter,
    onlyOverdue: boolean,
    after: readonly [date: string, party: string] | undefined,
  ): Promise<OpenPositionColumns[]> {
    const [lastDate, lastParty] = after ?? [null, null];
    return this.database.query(
      `SELECT * FROM (${OPEN}) open WHERE ($4::text IS NULL OR (date, party) > ($4, $5)) AND (overdue OR NOT $6)
       ORDER BY date, party LIMIT $7`,
      [now, party, date, lastDate, lastParty, onlyOverdue, limit + 1],
    );
  }

  /** Of each party the oldest overdue position and how many there are. */
  overdueByParty(
    now: Date,
    party: string | null,
  ): Promise<{ party: string; date: string; due_on: string; count: number; outstanding: string }[]> {
    return this.database.query(
      `SELECT party, min(date) AS date, min(coalesce(due_on, date)) AS due_on, count(*)::int AS count,
         sum(amount::numeric - paid::numeric)::text AS outstanding
       FROM (${OPEN}) open WHERE overdue GROUP BY party ORDER BY 2, 1 LIMIT 100`,
      [now, party, null],
    );
  }
}
