/** A statement in JSON, as docs/clearing.md describes it. */
import { call } from './client';

export interface Company {
  legalName: { zh: string | null; en: string | null };
  account: string | null;
}

export interface StatementLine {
  line: number;
  counterparty: string;
  kind: 'termination' | 'switch' | 'share' | 'waiver' | 'adjustment';
  class: string | null;
  direction: 'out' | 'in';
  /** A whole number as text: it can exceed what JSON numbers represent exactly. */
  units: string;
  records: number;
  /** Yuan; positive: received. */
  amount: string;
  adjustment: string | null;
  reference: string | null;
  text: string | null;
}

export interface Statement extends Company {
  number: string;
  date: string;
  party: string;
  issuer: Company;
  period: { from: string; to: string; zone: string } | null;
  dueDate: string | null;
  opening: string;
  /** Payments since the statement before, with the sign of the positions. */
  paid: string;
  position: string;
  closing: string;
  /** What of the closing balance was due before this day. */
  overdue: string;
  lines: StatementLine[];
}

export function readStatement(date: string, party: string): Promise<Statement> {
  return call(
    `/v1/business-days/${encodeURIComponent(date)}/statements/${encodeURIComponent(party)}?format=json`,
  );
}
