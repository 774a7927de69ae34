/** Directory of telephone numbers: ported numbers and verified links. Every console answers; the switch caches answers. */
import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import {
  digitsOf,
  subjects,
  type Address,
  type DirectoryChange,
  type DirectoryEntry,
  type E164,
  type Network,
} from '#protocol';
import { ConsoleBus } from '../core/console-bus.js';

/** States of networks whose addresses are returned. */
const MOST_LINKS = 8;

const LOOK_UP = `
  (SELECT network, address FROM route WHERE kind = 'exact' AND key = $1)
  UNION ALL
  (SELECT NULL, address FROM link WHERE number = $2 AND findable
   ORDER BY preferred DESC, since DESC, address LIMIT ${MOST_LINKS})`;

interface Row {
  /** Set if the number is ported. */
  network: Network | null;
  address: Address | null;
}

@Injectable()
export class DirectoryService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(ConsoleBus) private readonly bus: ConsoleBus,
  ) {}

  /** Connections with a prepared statement, because planning the query takes longer than running it. */
  private get pool(): Pool {
    return (this.database.driver as PostgresDriver).master as Pool;
  }

  async find(number: E164): Promise<DirectoryEntry> {
    const digits = digitsOf(number);
    const { rows } = await this.pool.query<Row>({
      name: 'directory',
      text: LOOK_UP,
      values: [digits, digits],
    });
    return entryOf(rows);
  }

  /** Tells every switch to drop its cached answer. A switch that misses the message drops it within a minute. */
  async changed(number: E164): Promise<void> {
    const change: DirectoryChange = { number };
    const nc = this.bus.link.session?.nc;
    nc?.publish(subjects.directoryChanged, JSON.stringify(change));
    await nc?.flush();
  }
}

function entryOf(rows: Row[]): DirectoryEntry {
  const ported = rows.find(({ network }) => network !== null);
  const links = rows.flatMap(({ network, address }) => (network === null && address ? [address] : []));
  if (!ported?.network) return { links };
  const { network, address } = ported;
  return { ported: { network, ...(address ? { address } : {}) }, links };
}
