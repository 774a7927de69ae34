/** What one record costs: as its closed day says, or by the tariffs while the day is open. */
import type { EntityManager } from 'typeorm';
import { rate, tariffBook, type Money } from '#clearing';
import { recordOf } from './detail-records.repository.js';
import { ratedPrice } from './ratings.repository.js';
import { allTariffs } from './tariffs.repository.js';

/** @returns the termination fee, without that of the switch; 0n for a record that is not there or not complete */
export async function recordPrice(
  manager: EntityManager,
  reference: string,
  toNetwork: string,
): Promise<Money> {
  const rated = await ratedPrice(manager, reference, toNetwork);
  if (rated !== undefined) return rated;
  const record = await recordOf(manager, reference, toNetwork);
  if (!record) return 0n;
  return rate(record, tariffBook(await allTariffs(manager))).price;
}
