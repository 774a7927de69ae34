/** A party's statement of a closed day: its lines, its position and its balance. */
import type { DataSource } from 'typeorm';
import { HUB, type BusinessDate, type StatementLine } from '#clearing';
import { HubError } from '#protocol';
import { closedDay } from './books.repository.js';
import { headOf, legalParties, type LegalParty, type StatementHead } from './statement-heads.repository.js';
import { adjustmentsIn, linesOfParty, type StatementAdjustment } from './statements.repository.js';

export interface Statement extends StatementHead {
  date: BusinessDate;
  party: string;
  /** Of the statement; no other has it. */
  number: string;
  /** The party, its counterparties and the hub, as companies. */
  companies: ReadonlyMap<string, LegalParty>;
  lines: StatementLine[];
  adjustments: StatementAdjustment[];
  /** The sum of the lines; positive: the party receives it. */
  position: bigint;
  /** Opening balance, less what was paid, plus the position. */
  closing: bigint;
}

/** @throws HubError 30 when the day is not closed */
export async function readStatement(
  database: DataSource,
  date: BusinessDate,
  party: string,
): Promise<Statement> {
  if (!(await closedDay(database, date))) throw new HubError('30', `${date} is not closed`);
  const lines = await linesOfParty(database, date, party);
  const head = await headOf(database, date, party);
  const parties = [...new Set([party, HUB, ...lines.map(({ counterparty }) => counterparty)])];
  const position = lines.reduce((sum, { amount }) => sum + amount, 0n);
  return {
    ...head,
    date,
    party,
    number: `HT${date.replaceAll('-', '')}-${party}`,
    companies: await legalParties(database, date, parties),
    lines,
    adjustments: await adjustmentsIn(database, lines),
    position,
    closing: head.opening - head.paid + position,
  };
}
