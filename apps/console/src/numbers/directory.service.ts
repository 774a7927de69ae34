/** The directory of numbers: where one moved, and whose it is. Every instance answers; the switch remembers for a while. */
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

/** Of a person's networks, those that are tried. */
const MOST_LINKS = 8;

const LOOK_UP = `
  (SELECT network, address FROM route WHERE kind = 'exact' AND key = $1)
  UNION ALL
  (SELECT NULL, address FROM link WHERE number = $2 AND findable
   ORDER BY preferred DESC, since DESC, address LIMIT ${MOST_LINKS})`;

interface Row {
  /** Set for a ported number. */
  network: Network | null;
  address: Address | null;
}

@Injectable()
export class DirectoryService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(ConsoleBus) private readonly bus: ConsoleBus,
  ) {}

  /** The same connections, but a statement that is planned once for each: planning takes longer than looking. */
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

  /** Every switch asks again. Should one not hear it, what it remembers ends within a minute. */
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
