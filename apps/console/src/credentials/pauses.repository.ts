import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Network } from '#protocol';

const FIRST_PAUSE_S = 30;
const LONGEST_PAUSE_S = 3600;

export interface Pause {
  network: string;
  until: Date;
  times: number;
}

@Injectable()
export class PausesRepository {
  constructor(private readonly database: DataSource) {}

  async isPaused(manager: EntityManager, network: Network): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      'SELECT 1 FROM bus_pause WHERE network = $1 AND until > now()',
      [network],
    );
    return rows.length > 0;
  }

  /** @returns undefined if the network is paused already, by another console that saw the same flood */
  async begin(manager: EntityManager, network: Network, reason: string): Promise<Pause | undefined> {
    const [row] = await manager.query<Pause[]>(
      `INSERT INTO bus_pause AS p (network, paused_at, until, times, reason)
       VALUES ($1, now(), now() + make_interval(secs => $3), 1, $2)
       ON CONFLICT (network) DO UPDATE SET paused_at = now(), reason = excluded.reason,
         times = CASE WHEN p.until < now() - interval '1 day' THEN 1 ELSE p.times + 1 END,
         until = now() + make_interval(secs => least($4,
           $3 * power(2, CASE WHEN p.until < now() - interval '1 day' THEN 0 ELSE p.times END)))
       WHERE p.until <= now() RETURNING network, until, times`,
      [network, reason, FIRST_PAUSE_S, LONGEST_PAUSE_S],
    );
    return row;
  }

  /** Last pause of each network, if it has ended. */
  ended(): Promise<Pick<Pause, 'network' | 'until'>[]> {
    return this.database.query('SELECT network, until FROM bus_pause WHERE until <= now()');
  }
}
