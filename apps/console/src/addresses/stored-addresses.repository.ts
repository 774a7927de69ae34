/** Addresses in the tables of the console, for one network at a time. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Address, type Network, type Reach } from '#protocol';

/** Tables with one row for each address, and which row is kept when two addresses become equal. */
const UNIQUE = {
  link: { same: 'other.number = link.number', merge: true },
  blocked: { same: 'other.network IS NOT DISTINCT FROM blocked.network', merge: false },
  departure_notice: { same: 'other.departure = departure_notice.departure', merge: false },
} as const;
/** Tables that can have several rows with the same address. */
const MENTIONS = [
  ['route', 'address'],
  ['link_challenge', 'address'],
  ['abuse_report', 'accused'],
] as const;

export interface StoredConsent {
  address: Address;
  reach: Reach;
  contacts: Address[];
  blocked: Address[];
}

@Injectable()
export class StoredAddressesRepository {
  /** Every address of the network in a column of its own. */
  async list(manager: EntityManager, network: Network): Promise<Address[]> {
    const columns = [
      ...MENTIONS.map(([table, column]) => `SELECT ${column} AS address FROM ${table}`),
      ...Object.keys(UNIQUE).map((table) => `SELECT address FROM ${table}`),
    ];
    const rows = await manager.query<{ address: string }[]>(
      `SELECT DISTINCT address FROM (${columns.join(' UNION ALL ')}) AS used WHERE address LIKE $1`,
      [`im:%@${network}`],
    );
    return rows.flatMap(({ address }) => Address.safeParse(address).data ?? []);
  }

  /** @returns the networks whose blocks changed; null: the blocks for all networks */
  async respell(manager: EntityManager, from: Address, to: Address): Promise<(Network | null)[]> {
    const lists = await manager.query<{ network: Network | null }[]>(
      'SELECT network FROM blocked WHERE address = $1',
      [from],
    );
    await manager.query(
      `UPDATE link SET preferred = link.preferred OR other.preferred, findable = link.findable AND other.findable
       FROM link AS other WHERE link.address = $2 AND other.address = $1 AND other.number = link.number`,
      [from, to],
    );
    for (const [table, { same }] of Object.entries(UNIQUE)) {
      await manager.query(
        `DELETE FROM ${table} WHERE address = $1 AND EXISTS (SELECT 1 FROM ${table} AS other WHERE other.address = $2 AND ${same})`,
        [from, to],
      );
      await manager.query(`UPDATE ${table} SET address = $2 WHERE address = $1`, [from, to]);
    }
    for (const [table, column] of MENTIONS)
      await manager.query(`UPDATE ${table} SET ${column} = $2 WHERE ${column} = $1`, [from, to]);
    return lists.map(({ network }) => network);
  }

  /** Numbers that are linked with such an address: cached directory answers about them are out of date. */
  async numbersOf(manager: EntityManager, addresses: readonly Address[]): Promise<string[]> {
    const rows = await manager.query<{ number: string }[]>(
      `SELECT number::text FROM link WHERE address = ANY($1)
       UNION SELECT key FROM route WHERE kind = 'exact' AND address = ANY($1)`,
      [addresses],
    );
    return rows.map(({ number }) => number);
  }

  /** Consents of people of the network, and consents that name such people. Locked until the transaction ends. */
  consents(manager: EntityManager, network: Network, after: string, limit: number): Promise<StoredConsent[]> {
    return manager.query(
      `SELECT address, reach, contacts, blocked FROM consent
       WHERE address > $2 AND (address LIKE $1 OR EXISTS (SELECT 1 FROM unnest(contacts || blocked) AS named WHERE named LIKE $1))
       ORDER BY address LIMIT $3 FOR UPDATE`,
      [`im:%@${network}`, after, limit],
    );
  }

  async consentsOf(manager: EntityManager, addresses: readonly Address[]): Promise<StoredConsent[]> {
    return manager.query(
      'SELECT address, reach, contacts, blocked FROM consent WHERE address = ANY($1) FOR UPDATE',
      [addresses],
    );
  }

  async putConsent(
    manager: EntityManager,
    { address, reach, contacts, blocked }: StoredConsent,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO consent VALUES ($1, $2, $3, $4, 1, now())
       ON CONFLICT (address) DO UPDATE SET reach = $2, contacts = $3, blocked = $4, version = consent.version + 1, changed_at = now()`,
      [address, reach, contacts, blocked],
    );
  }

  async removeConsent(manager: EntityManager, address: Address): Promise<void> {
    await manager.query('DELETE FROM consent WHERE address = $1', [address]);
  }
}
