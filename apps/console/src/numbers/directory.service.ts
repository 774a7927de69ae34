/** Directory of telephone numbers: ported numbers and verified links. Every console answers; the switch caches answers. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { digitsOf, subjects, type DirectoryChange, type DirectoryEntry, type E164 } from '#protocol';
import { ConsoleBus } from '../core/console-bus.js';
import { lookUp, type DirectoryColumns } from './numbers.repository.js';

@Injectable()
export class DirectoryService {
  constructor(
    private readonly database: DataSource,
    private readonly bus: ConsoleBus,
  ) {}

  async find(number: E164): Promise<DirectoryEntry> {
    return entryOf(await lookUp(this.database, digitsOf(number)));
  }

  /** Tells every switch to drop its cached answer. A switch that misses the message drops it within a minute. */
  async changed(number: E164): Promise<void> {
    const change: DirectoryChange = { number };
    const nc = this.bus.link.session?.nc;
    nc?.publish(subjects.directoryChanged, JSON.stringify(change));
    await nc?.flush();
  }
}

function entryOf(rows: DirectoryColumns[]): DirectoryEntry {
  const ported = rows.find(({ network }) => network !== null);
  const links = rows.flatMap(({ network, address }) => (network === null && address ? [address] : []));
  if (!ported?.network) return { links };
  const { network, address } = ported;
  return { ported: { network, ...(address ? { address } : {}) }, links };
}
