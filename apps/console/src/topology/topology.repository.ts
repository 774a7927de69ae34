/**
 * Traffic between networks. Minutes and hours come from detail records, days and weeks from the hourly tally; failures always from
 * detail records. A record that the switch ended never reached its destination, whose operator does not see it.
 */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Capabilities, Phase } from '#protocol';
import { BoundedReads } from '../core/bounded-read.repository.js';
import { agreementsOfPair, type AgreementColumns } from '../exchange/agreements.repository.js';
import { tariffsOfPair, type TariffColumns } from '../exchange/tariffs.repository.js';
import type { Span } from '../overview/overview.repository.js';
import { phaseOf } from '../registry/registry.repository.js';
import { MOST_EDGES, MOST_NODES } from './topology.dto.js';

export interface MemberColumns {
  slug: string;
  status: string;
  capabilities: Capabilities | null;
}

export interface PairCount {
  from: string;
  to: string;
  count: number;
}

export interface PairRows {
  members: MemberColumns[];
  messages: number;
  failedByCode: { code: string; messages: number }[];
  agreements: AgreementColumns[];
  /** Of the opposite direction. */
  opposite: AgreementColumns[];
  tariffs: TariffColumns[];
  phase: Phase;
}

const TAKES_PART = "status IN ('live', 'suspended', 'leaving')";
const IN_TIME = 'ended_at > $1 AND ended_at <= $2';
const OWN = '($3::text IS NULL OR from_network = $3 OR (to_network = $3 AND NOT at_switch))';

const SENT_ON = `SELECT from_network AS "from", to_network AS "to", count(*)::int AS count FROM detail_record
  WHERE ${IN_TIME} AND NOT at_switch AND ${OWN} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT $4`;
const SENT_ON_BY_TALLY = `SELECT network AS "from", towards AS "to", sum(delivered)::int AS count FROM delivered_tally
  WHERE hour >= $1 AND hour <= $2 AND ($3::text IS NULL OR $3 IN (network, towards)) GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT $4`;
const FAILED = `SELECT from_network AS "from", to_network AS "to", count(*)::int AS count FROM detail_record
  WHERE outcome = 'failed' AND ${IN_TIME} AND ${OWN} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT $4`;

const PAIR_SENT_ON = `SELECT count(*)::int AS count FROM detail_record
  WHERE ${IN_TIME} AND NOT at_switch AND from_network = $3 AND to_network = $4`;
const PAIR_SENT_ON_BY_TALLY = `SELECT coalesce(sum(delivered), 0)::int AS count FROM delivered_tally
  WHERE hour >= $1 AND hour <= $2 AND network = $3 AND towards = $4`;
const PAIR_FAILED = `SELECT code, count(*)::int AS messages FROM detail_record
  WHERE outcome = 'failed' AND ${IN_TIME} AND from_network = $3 AND to_network = $4 AND NOT (at_switch AND $5)
  GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 100`;

@Injectable()
export class TopologyRepository {
  constructor(private readonly reads: BoundedReads) {}

  /** @param own network of an operator; null: all. @returns counts of one more pair than an answer can have, if there are more */
  traffic(
    { since, until, fromTally }: Span,
    own: string | null,
  ): Promise<{ sentOn: PairCount[]; failed: PairCount[] }> {
    const given = [since, until, own, MOST_EDGES + 1];
    return this.reads.read(async (manager) => ({
      sentOn: await manager.query<PairCount[]>(fromTally ? SENT_ON_BY_TALLY : SENT_ON, given),
      failed: await manager.query<PairCount[]>(FAILED, given),
    }));
  }

  members(): Promise<Pick<MemberColumns, 'slug' | 'status'>[]> {
    return this.reads.read((manager) =>
      manager.query(`SELECT slug, status FROM network WHERE ${TAKES_PART} ORDER BY slug LIMIT $1`, [
        MOST_NODES,
      ]),
    );
  }

  /** @param isReceiver the operator of the destination asks */
  pair(
    { since, until, fromTally }: Span,
    { from, to }: { from: string; to: string },
    isReceiver: boolean,
  ): Promise<PairRows> {
    const given = [since, until, from, to];
    return this.reads.read(async (manager: EntityManager) => {
      const [sentOn] = await manager.query<{ count: number }[]>(
        fromTally ? PAIR_SENT_ON_BY_TALLY : PAIR_SENT_ON,
        given,
      );
      return {
        members: await manager.query<MemberColumns[]>(
          `SELECT slug, status, capabilities FROM network WHERE ${TAKES_PART} AND slug IN ($1, $2)`,
          [from, to],
        ),
        messages: sentOn?.count ?? 0,
        failedByCode: await manager.query<PairRows['failedByCode']>(PAIR_FAILED, [...given, isReceiver]),
        agreements: await agreementsOfPair(manager, from, to),
        opposite: await agreementsOfPair(manager, to, from),
        tariffs: await tariffsOfPair(manager, from, to, until),
        phase: await phaseOf(manager),
      };
    });
  }
}
