/** Id rule of each network, as its adapter declared it. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CanonicalAddresses, PeerIds, type Network } from '#protocol';

@Injectable()
export class IdFoldingsRepository {
  constructor(private readonly database: DataSource) {}

  /** Rules of all networks that declared one. */
  async list(manager: EntityManager = this.database.manager): Promise<PeerIds[]> {
    const rows = await manager.query<object[]>(
      `SELECT slug AS network, capabilities->>'ids' AS ids, capabilities->>'numbersWithout' AS "numbersWithout" FROM network
       WHERE capabilities->>'ids' IS NOT NULL OR capabilities->>'numbersWithout' IS NOT NULL ORDER BY slug`,
    );
    // A stored value that is no valid rule counts as no declaration.
    return rows.flatMap((row) => PeerIds.safeParse(withoutNulls(row)).data ?? []);
  }

  async canonical(manager?: EntityManager): Promise<CanonicalAddresses> {
    const foldings = new Map<Network, PeerIds>((await this.list(manager)).map((one) => [one.network, one]));
    return new CanonicalAddresses((network) => foldings.get(network));
  }
}

function withoutNulls(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
