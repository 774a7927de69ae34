import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ApiProblem } from '#http';
import { keyAfter, pageOf, type Page, type PageQuery } from '../http/page.js';
import type { AgreementView } from './agreements.controller.js';
import { agreementOfNetwork, agreementsAfter, type AgreementColumns } from './agreements.repository.js';

@Injectable()
export class AgreementsService {
  constructor(private readonly database: DataSource) {}

  async list({ cursor, limit }: PageQuery, network: string | undefined): Promise<Page<AgreementView>> {
    const [from, to, id] =
      keyAfter(cursor, z.tuple([z.string().max(40), z.string().max(40), z.uuid()])) ?? [];
    const after = from === undefined ? undefined : { from, to, id };
    const rows = await agreementsAfter(this.database, network, after, limit + 1);
    return pageOf(rows, limit, (row) => [row.from_network, row.to_network, row.id], agreementView);
  }

  /** @throws ApiProblem not-found, also for an agreement of other networks */
  async find(id: string, network: string | undefined): Promise<AgreementView> {
    const row = await agreementOfNetwork(this.database, network, id);
    if (!row) throw new ApiProblem('not-found', `no agreement ${id}`);
    return agreementView(row);
  }
}

export function agreementView(row: AgreementColumns): AgreementView {
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
