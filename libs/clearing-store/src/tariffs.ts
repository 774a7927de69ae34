/** The tariffs as the books need them. */
import type { PoolClient } from 'pg';
import { ShareRules, type Tariff } from '#clearing';
import { HubError } from '#protocol';
import { instantText } from './read-records.js';

export interface TariffRow {
  id: string;
  from_network: string;
  to_network: string;
  class: string;
  valid_from: string;
  termination_fee: string;
  switch_fee: string;
  bill_and_keep_permille: number | null;
  shares: unknown;
}

/** All versions, oldest id first; `tariffsOf` makes tariffs of the rows. */
export const TARIFF_ROWS = `
  SELECT id, from_network, to_network, class, ${instantText('valid_from')} AS valid_from, termination_fee, switch_fee,
    bill_and_keep_permille, shares
  FROM tariff ORDER BY id`;

/** @throws HubError 96 naming a tariff whose shares make no sense: no day is closed over it */
export async function readTariffs(client: PoolClient): Promise<Tariff[]> {
  return tariffsOf((await client.query<TariffRow>(TARIFF_ROWS)).rows);
}

/** @throws HubError 96 as `readTariffs` */
export function tariffsOf(rows: readonly TariffRow[]): Tariff[] {
  return rows.map((row) => {
    const shares = ShareRules.safeParse(row.shares);
    if (!shares.success)
      throw new HubError(
        '96',
        `the shares of tariff ${row.id}: ${shares.error.issues[0]?.message ?? 'wrong'}`,
      );
    return {
      id: row.id,
      from: row.from_network,
      to: row.to_network,
      class: row.class,
      validFrom: row.valid_from,
      terminationFee: BigInt(row.termination_fee),
      switchFee: BigInt(row.switch_fee),
      billAndKeepPermille: row.bill_and_keep_permille,
      shares: shares.data,
    };
  });
}
