import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ApiProblem } from '#http';
import { ANY_NETWORK, type Limits, type TrafficClass } from '#protocol';
import { keyAfter, pageOf, type Page, type PageQuery } from '../http/page.js';
import type { AgreementView } from './agreements.controller.js';

interface Columns {
  id: string;
  from_network: string;
  to_network: string;
  classes: TrafficClass[];
  limits: Limits | null;
  valid_from: Date;
  valid_to: Date | null;
  version: number;
}

/** Condition for agreements of a network: its own, and those for all networks. */
const OF_NETWORK = `($1::text IS NULL OR from_network IN ($1, '${ANY_NETWORK}') OR to_network IN ($1, '${ANY_NETWORK}'))`;

@Injectable()
export class AgreementsService {
  constructor(@Inject(DataSource) private readonly database: DataSource) {}

  async list({ cursor, limit }: PageQuery, network: string | undefined): Promise<Page<AgreementView>> {
    const [from, to, id] =
      keyAfter(cursor, z.tuple([z.string().max(40), z.string().max(40), z.uuid()])) ?? [];
    const rows = await this.database.query<Columns[]>(
      `SELECT * FROM agreement WHERE ${OF_NETWORK} AND ($2::text IS NULL OR (from_network, to_network, id) > ($2, $3, $4::uuid))
       ORDER BY from_network, to_network, id LIMIT $5`,
      [network ?? null, from ?? null, to ?? null, id ?? null, limit + 1],
    );
    return pageOf(rows, limit, (row) => [row.from_network, row.to_network, row.id], view);
  }

  /** @throws ApiProblem not-found, also for an agreement of other networks */
  async find(id: string, network: string | undefined): Promise<AgreementView> {
    const [row] = await this.database.query<Columns[]>(
      `SELECT * FROM agreement WHERE ${OF_NETWORK} AND id = $2`,
      [network ?? null, id],
    );
    if (!row) throw new ApiProblem('not-found', `no agreement ${id}`);
    return view(row);
  }
}

function view(row: Columns): AgreementView {
  return {
    id: row.id,
    from: row.from_network,
    to: row.to_network,
    classes: row.classes,
    limits: row.limits,
    validFrom: row.valid_from.toISOString(),
    validTo: row.valid_to?.toISOString() ?? null,
    version: row.version,
  };
}
