/**
 * Closes a business day: one pass over its records rates them, totals them and hashes every member's files. Ratings,
 * positions, statements and manifest are committed in one transaction, or not at all.
 */
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import {
  DayBooks,
  MemberFiles,
  positionsOf,
  rate,
  statementTerms,
  tariffBook,
  type BusinessDate,
  type Manifest,
  type StatementTerms,
} from '#clearing';
import { inTransaction } from './connection.js';
import { RatingWriter } from './ratings.repository.js';
import { recordsOf } from './detail-records.repository.js';
import { writeHeads } from './statement-heads.repository.js';
import { readTariffs } from './tariffs.repository.js';
import {
  assignAdjustments,
  currentMembers,
  lastSequences,
  lockClosing,
  manifestOf,
  seal,
  writeBooks,
} from './books.repository.js';

/** Records between two reports of progress. */
const PROGRESS_EVERY = 100_000;

export interface CloseOptions {
  /** End of the day, or the time of its early close. Adjustments made from this time on belong to a later day. */
  adjustmentsBefore: Date;
  /** Default: those of the default cutover. */
  terms?: StatementTerms;
  onProgress?: (records: number) => void;
  /** Records between two calls of `onProgress`. */
  progressEvery?: number;
}

export interface Closed {
  manifest: Manifest;
  /** The day was closed before, and nothing was changed. */
  already: boolean;
}

/**
 * Idempotent, also when two processes call it at once: the second finds what the first has done. A process that dies during
 * a close leaves the day sealed and nothing else; the next attempt starts over.
 */
export async function closeDay(
  database: DataSource,
  date: BusinessDate,
  options: CloseOptions,
): Promise<Closed> {
  await seal(database, date);
  return inTransaction(database, 'READ COMMITTED', async (writer) => {
    await lockClosing(writer);
    const known = await manifestOf(writer, date);
    if (known) return { manifest: known, already: true };
    const manifest = await inTransaction(database, 'REPEATABLE READ', (reader) =>
      writeUp(reader, writer, date, options),
    );
    return { manifest, already: false };
  });
}

async function writeUp(
  reader: PoolClient,
  writer: PoolClient,
  date: BusinessDate,
  {
    adjustmentsBefore,
    terms = statementTerms(date),
    onProgress,
    progressEvery = PROGRESS_EVERY,
  }: CloseOptions,
): Promise<Manifest> {
  const book = tariffBook(await readTariffs(reader));
  const [books, files] = [new DayBooks(), new MemberFiles(date, await currentMembers(reader))];
  const sequences = await lastSequences(reader);
  const adjustments = await assignAdjustments(writer, date, adjustmentsBefore);
  const ratings = new RatingWriter(writer, date);
  let done = 0;
  try {
    for await (const batch of recordsOf(reader, date)) {
      for (const record of batch) {
        const rating = rate(record, book);
        books.add(record, rating);
        files.add(record, rating);
        ratings.add(record, rating);
      }
      await ratings.flush();
      const before = done;
      done += batch.length;
      if (Math.floor(done / progressEvery) > Math.floor(before / progressEvery)) onProgress?.(done);
    }
    await ratings.end();
  } catch (error) {
    ratings.abandon();
    throw error;
  }
  const transfers = books.transfers(adjustments);
  const manifest = files.manifest(books.groups, positionsOf(transfers), sequences);
  await writeBooks(writer, date, transfers, manifest);
  await writeHeads(writer, date, { ...terms, endsAt: adjustmentsBefore });
  return manifest;
}
