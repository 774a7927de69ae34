/** What one record costs: as its closed day says, or by the tariffs while the day is open. */
import type { EntityManager } from 'typeorm';
import { rate, tariffBook, type Money } from '#clearing';
import { recordOf } from './read-records.js';
import { TARIFF_ROWS, tariffsOf, type TariffRow } from './tariffs.js';

/** @returns the termination fee, without that of the switch; 0n for a record that is not there or not complete */
export async function recordPrice(
  manager: EntityManager,
  reference: string,
  toNetwork: string,
): Promise<Money> {
  const [rated] = await manager.query<{ price: string }[]>(
    `SELECT r.price::text FROM detail_record d JOIN rated_record r USING (business_date, reference, to_network)
     WHERE d.reference = $1 AND d.to_network = $2`,
    [reference, toNetwork],
  );
  if (rated) return BigInt(rated.price);
  const record = await recordOf(manager, reference, toNetwork);
  if (!record) return 0n;
  const tariffs = tariffsOf(await manager.query<TariffRow[]>(TARIFF_ROWS));
  return rate(record, tariffBook(tariffs)).price;
}
