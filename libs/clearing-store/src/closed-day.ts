/** Clearing files of closed days. A file is not stored: it is made from the records when it is asked for. */
import type { DataSource } from 'typeorm';
import {
  FILE_HEAD,
  fileLines,
  type BusinessDate,
  type FileFormat,
  type Rating,
  type Tariff,
} from '#clearing';
import { HubError } from '#protocol';
import { ratedRecordsOf, type StoredRating } from './detail-records.repository.js';
import { manifestOf } from './books.repository.js';
import { readTariffs } from './tariffs.repository.js';

/**
 * The member's clearing file of a closed day, in pieces. Its bytes have the checksum in the manifest.
 * @throws HubError 30 when the day is not closed, or the network has no file of it
 */
export async function* clearingFile(
  database: DataSource,
  date: BusinessDate,
  network: string,
  format: FileFormat,
): AsyncGenerator<Buffer> {
  const runner = database.createQueryRunner();
  const client = (await runner.connect()) as Parameters<typeof manifestOf>[0] &
    Parameters<typeof ratedRecordsOf>[0];
  try {
    const manifest = await manifestOf(client, date);
    if (!manifest?.members[network])
      throw new HubError('30', `there is no clearing file of ${network} for ${date}`);
    const ratingOf = ratings(await readTariffs(client));
    yield Buffer.from(FILE_HEAD[format]);
    for await (const batch of ratedRecordsOf(client, date, network)) {
      yield Buffer.from(
        batch.map(([record, stored]) => fileLines(date, record, ratingOf(stored))[format]).join(''),
      );
    }
  } finally {
    await runner.release();
  }
}

/** Completes a stored rating with its tariff. */
export function ratings(tariffs: readonly Tariff[]): (stored: StoredRating) => Rating {
  const byId = new Map(tariffs.map((tariff) => [tariff.id, tariff]));
  return ({ tariff, price, switchFee }) => ({
    tariff: tariff === null ? undefined : byId.get(tariff),
    price,
    switchFee,
  });
}
