/** Verifies a closed day: everything is computed again from its records and compared with the manifest. */
import { isDeepStrictEqual } from 'node:util';
import type { DataSource } from 'typeorm';
import {
  DayBooks,
  MemberFiles,
  positionsOf,
  statementLines,
  type BusinessDate,
  type Manifest,
} from '#clearing';
import { HubError } from '#protocol';
import { adjustmentsOf, manifestOf } from './books.repository.js';
import { ratings } from './closed-day.js';
import { inTransaction } from './connection.js';
import { ratedRecordsOf } from './detail-records.repository.js';
import { readLines, readPositions } from './statements.repository.js';
import { readTariffs } from './tariffs.repository.js';

export interface Verification {
  date: BusinessDate;
  identical: boolean;
  /** What is not as it was, in words. */
  differences: string[];
}

/** Reads the whole day. @throws HubError 30 when it is not closed */
export async function verifyDay(database: DataSource, date: BusinessDate): Promise<Verification> {
  return inTransaction(database, 'REPEATABLE READ', async (client) => {
    const promised = await manifestOf(client, date);
    if (!promised) throw new HubError('30', `${date} is not closed`);
    const ratingOf = ratings(await readTariffs(client));
    const members = Object.keys(promised.members);
    const [books, files] = [new DayBooks(), new MemberFiles(date, members)];
    for await (const batch of ratedRecordsOf(client, date)) {
      for (const [record, stored] of batch) {
        const rating = ratingOf(stored);
        books.add(record, rating);
        files.add(record, rating);
      }
    }
    const transfers = books.transfers(await adjustmentsOf(client, date));
    const sequences = new Map(
      Object.entries(promised.members).map(([network, { sequence }]) => [network, sequence - 1]),
    );
    const positions = positionsOf(transfers);
    const differences = [
      ...manifestDifferences(promised, files.manifest(books.groups, positions, sequences)),
      ...(isDeepStrictEqual(await readPositions(client, date), positions) ? [] : ['the positions']),
      ...(isDeepStrictEqual(await readLines(client, date), statementLines(transfers))
        ? []
        : ['the statements']),
    ];
    return { date, identical: differences.length === 0, differences };
  });
}

function manifestDifferences(promised: Manifest, made: Manifest): string[] {
  const networks = new Set([...Object.keys(promised.members), ...Object.keys(made.members)]);
  const members = [...networks].filter(
    (network) => !isDeepStrictEqual(promised.members[network], made.members[network]),
  );
  const { members: _promised, ...promisedTotals } = promised;
  const { members: _made, ...madeTotals } = made;
  return [
    ...(isDeepStrictEqual(promisedTotals, madeTotals) ? [] : ['the totals of the day']),
    ...members.map((network) => `the files or totals of ${network}`),
  ];
}
