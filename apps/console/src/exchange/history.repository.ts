/** Applied changes of one agreement, tariff or route, or of the phase, newest first. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { TrafficClass } from '#protocol';
import { BoundedReads } from '../core/bounded-read.repository.js';
import type { MomentKey } from '../http/page.js';
import type { ExchangeChange, RouteTerms } from './changes.js';

export interface HistoryRow {
  id: string;
  body: ExchangeChange;
  reason: string;
  proposed_at: Date;
  proposer: string | null;
  approver: string | null;
  /** Time at which it was applied. */
  ended_at: Date;
  confirmed_by: string[];
}

export interface HistoryQuery {
  /** Only changes that bound this network; null: all. */
  network: string | null;
  before: MomentKey | undefined;
  limit: number;
}

const NAME_OF = (key: string) =>
  `(SELECT p.name FROM api_key k JOIN person p ON p.id = k.person_id WHERE k.id = ${key})`;

/** @param condition of the changes, with the parameters from $5 on */
const APPLIED = (condition: string) => `
  SELECT id, body, reason, proposed_at, ended_at, ${NAME_OF('proposed_by')} AS proposer, ${NAME_OF('decided_by')} AS approver,
    ARRAY(SELECT c.network FROM change_confirmation c WHERE c.change = r.id AND c.state = 'confirmed' ORDER BY 1) AS confirmed_by
  FROM change_request r
  WHERE state = 'applied' AND ${condition}
    AND ($1::text IS NULL OR EXISTS (SELECT 1 FROM change_confirmation c WHERE c.change = r.id AND c.network = $1))
    AND ($2::timestamptz IS NULL OR (ended_at, id) < ($2, $3::uuid))
  ORDER BY ended_at DESC, id DESC LIMIT $4`;

const OF_AGREEMENT = APPLIED(`kind LIKE 'agreement.%' AND (id = $5::text::uuid OR body ->> 'id' = $5::text)`);
const OF_TARIFF = APPLIED(`(
    kind = 'tariff.add' AND body -> 'terms' @> jsonb_build_object('from', $5::text, 'to', $6::text, 'class', $7::text)
    OR kind = 'tariff.pair' AND (
      body -> 'terms' @> jsonb_build_object('from', $5::text, 'to', $6::text,
        'fees', jsonb_build_array(jsonb_build_object('direction', 'there', 'class', $7::text)))
      OR body -> 'terms' @> jsonb_build_object('from', $6::text, 'to', $5::text,
        'fees', jsonb_build_array(jsonb_build_object('direction', 'back', 'class', $7::text)))))`);
const OF_ROUTE = APPLIED(
  `kind IN ('route.set', 'route.remove') AND body -> 'terms' @> jsonb_build_object('kind', $5::text, 'key', $6::text)`,
);

const OF_PHASE = APPLIED(`kind = 'phase.set'`);

@Injectable()
export class HistoryRepository {
  constructor(private readonly reads: BoundedReads) {}

  /** An agreement has the id of the change that added it. */
  ofAgreement(id: string, query: HistoryQuery): Promise<HistoryRow[]> {
    return this.read(OF_AGREEMENT, query, [id]);
  }

  ofTariff(
    { from, to, class: kind }: { from: string; to: string; class: TrafficClass },
    query: HistoryQuery,
  ): Promise<HistoryRow[]> {
    return this.read(OF_TARIFF, query, [from, to, kind]);
  }

  ofRoute({ kind, key }: Pick<RouteTerms, 'kind' | 'key'>, query: HistoryQuery): Promise<HistoryRow[]> {
    return this.read(OF_ROUTE, query, [kind, key]);
  }

  ofPhase(query: HistoryQuery): Promise<HistoryRow[]> {
    return this.read(OF_PHASE, query, []);
  }

  private read(
    sql: string,
    { network, before, limit }: HistoryQuery,
    values: readonly string[],
  ): Promise<HistoryRow[]> {
    const [at, id] = before ?? [];
    return this.reads.read((manager: EntityManager) =>
      manager.query<HistoryRow[]>(sql, [network, at ?? null, id ?? null, limit, ...values]),
    );
  }
}
