/**
 * The close of a day: one pass over its records rates them, totals them and hashes every member's files; ratings,
 * positions, statements and manifest become visible in one transaction, or not at all.
 */
import { LOCKS } from '#database';
import { awaitedLater } from '#service';
import { finished } from 'node:stream/promises';
import { once } from 'node:events';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import {
  DayBooks,
  MemberFiles,
  positionsOf,
  rate,
  tariffBook,
  type BusinessDate,
  type DetailRecord,
  type Manifest,
  type Rating,
} from '#clearing';
import { manifestOf } from './closed-day.js';
import { inTransaction } from './connection.js';
import { recordsOf } from './read-records.js';
import { readTariffs } from './tariffs.js';
import { lastSequences, silentMembers, takeUpAdjustments, writeBooks } from './write-books.js';

/** Records between two reports of progress. */
const PROGRESS_EVERY = 100_000;

export interface CloseOptions {
  /** Adjustments made from then on are for a later day. */
  adjustmentsBefore: Date;
  onProgress?: (records: number) => void;
  /** Records between two calls of `onProgress`. */
  progressEvery?: number;
}

export interface Closed {
  manifest: Manifest;
  /** true: it was closed before, and nothing was changed. */
  already: boolean;
}

/**
 * Safe to repeat, and to run in two places at once: the second finds what the first has done. Whoever dies half-way
 * leaves the day sealed and nothing else; the next attempt starts over.
 */
export async function closeDay(
  database: DataSource,
  date: BusinessDate,
  options: CloseOptions,
): Promise<Closed> {
  await seal(database, date);
  return inTransaction(database, 'READ COMMITTED', async (writer) => {
    await writer.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.close]);
    const known = await manifestOf(writer, date);
    if (known) return { manifest: known, already: true };
    const manifest = await inTransaction(database, 'REPEATABLE READ', (reader) =>
      writeUp(reader, writer, date, options),
    );
    return { manifest, already: false };
  });
}

/**
 * Waits for those who are about to write a record into the day, and lets nobody else begin: from here on the pass
 * needs no lock that would hold up the ledger.
 */
async function seal(database: DataSource, date: BusinessDate): Promise<void> {
  await database.query('INSERT INTO business_day (date) VALUES ($1) ON CONFLICT DO NOTHING', [date]);
  await database.query('UPDATE business_day SET sealed_at = now() WHERE date = $1 AND sealed_at IS NULL', [
    date,
  ]);
}

async function writeUp(
  reader: PoolClient,
  writer: PoolClient,
  date: BusinessDate,
  { adjustmentsBefore, onProgress, progressEvery = PROGRESS_EVERY }: CloseOptions,
): Promise<Manifest> {
  const book = tariffBook(await readTariffs(reader));
  const [books, files] = [new DayBooks(), new MemberFiles(date, await silentMembers(reader))];
  const sequences = await lastSequences(reader);
  const adjustments = await takeUpAdjustments(writer, date, adjustmentsBefore);
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
    // Or the files of the day would be read by a plan for an empty table.
    await writer.query('ANALYZE rated_record');
  } catch (error) {
    ratings.abandon();
    throw error;
  }
  const transfers = books.transfers(adjustments);
  const manifest = files.manifest(books.groups, positionsOf(transfers), sequences);
  await writeBooks(writer, date, transfers, manifest);
  return manifest;
}

/** COPY: an insert for each row would take longer than all the rest. */
class RatingWriter {
  private readonly stream: CopyStreamQuery;
  private readonly ended: Promise<void>;
  private pending = '';
  private over = false;

  constructor(
    client: PoolClient,
    private readonly date: BusinessDate,
  ) {
    this.stream = client.query(
      copyFrom(
        'COPY rated_record (business_date, reference, to_network, tariff, price, switch_fee) FROM STDIN',
      ),
    );
    this.ended = awaitedLater(
      finished(this.stream).finally(() => {
        this.over = true;
      }),
    );
  }

  add({ reference, to }: DetailRecord, { tariff, price, switchFee }: Rating): void {
    this.pending += `${this.date}\t${reference}\t${to}\t${tariff?.id ?? '\\N'}\t${price}\t${switchFee}\n`;
  }

  async flush(): Promise<void> {
    const text = this.pending;
    this.pending = '';
    if (!this.stream.write(text)) await Promise.race([once(this.stream, 'drain'), this.ended]);
  }

  async end(): Promise<void> {
    this.stream.end(this.pending);
    await this.ended;
  }

  /** The connection is of no use to anybody, not even to roll back, while a COPY is open on it. */
  abandon(): void {
    if (!this.over) this.stream.destroy();
  }
}
