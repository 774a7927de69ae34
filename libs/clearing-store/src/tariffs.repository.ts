/** The tariffs as the books need them. */
import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';
import { ShareRules, type Tariff } from '#clearing';
import { HubError } from '#protocol';
import { instantText } from './detail-records.repository.js';

interface TariffRow {
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

/** All versions, in the order of their ids. */
const TARIFF_ROWS = `
  SELECT id, from_network, to_network, class, ${instantText('valid_from')} AS valid_from, termination_fee, switch_fee,
    bill_and_keep_permille, shares
  FROM tariff ORDER BY id`;

/** @throws HubError 96 that names a tariff with malformed shares: no day can be closed with it */
export async function readTariffs(client: PoolClient): Promise<Tariff[]> {
  return tariffsOf((await client.query<TariffRow>(TARIFF_ROWS)).rows);
}

/** The same, in a transaction of an entity manager. */
export async function allTariffs(manager: EntityManager): Promise<Tariff[]> {
  return tariffsOf(await manager.query<TariffRow[]>(TARIFF_ROWS));
}

function tariffsOf(rows: readonly TariffRow[]): Tariff[] {
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
