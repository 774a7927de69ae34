/** Looks an id up in every table that could have it. Each look-up reads one index. */
import { Injectable } from '@nestjs/common';
import { hasText, nativeHash } from '#database';
import { BoundedReads } from '../core/bounded-read.repository.js';
import { seenBy, tookPart } from '../settlement/business-days.repository.js';

export type HitKind =
  | 'message'
  | 'address'
  | 'number'
  | 'network'
  | 'operator'
  | 'business-day'
  | 'statement'
  | 'dead-letter'
  | 'change'
  | 'dispute'
  | 'agreement'
  | 'person';

export interface HitRow {
  kind: HitKind;
  id: string;
  words: string | null;
  at: Date | null;
}

/** What the text can be, by its form. */
export interface Forms {
  uuid?: string | undefined;
  /** Without the plus sign. */
  number?: string | undefined;
  address?: string | undefined;
  day?: string | undefined;
  /** Of the number of a statement. */
  statement?: { date: string; party: string } | undefined;
}

/** Maximum number of hits of one kind. */
const MOST = 5;

/** $1: the text; $2: network of an operator, or null. An operator finds what belongs to their network. */
const MESSAGE = `
  SELECT 'message' AS kind, event_id AS id, from_address || ' → ' || to_address AS words, min(at) AS at FROM checkpoint
  WHERE event_id = $1 AND ($2::text IS NULL OR $2 IN (split_part(from_address, '@', 2), split_part(to_address, '@', 2)))
  GROUP BY event_id, from_address, to_address ORDER BY 4 LIMIT 1`;
const NATIVE = `
  SELECT 'message' AS kind, r.event_id AS id, r.network AS words, r.at FROM native_ref r
  WHERE r.network IN (SELECT slug FROM network) AND r.native_hash = $1
    AND ($2::text IS NULL OR EXISTS (SELECT 1 FROM checkpoint c WHERE c.event_id = r.event_id
      AND $2 IN (split_part(c.from_address, '@', 2), split_part(c.to_address, '@', 2))))
  ORDER BY r.at DESC LIMIT ${MOST}`;
const NAMED = `
  SELECT 'network' AS kind, slug AS id, name AS words, created_at AS at FROM network WHERE slug = $1 AND ($2::text IS NULL OR slug = $2)
  UNION ALL SELECT 'operator', o.id, o.name, o.created_at FROM operator o
    WHERE o.id = $1 AND ($2::text IS NULL OR o.id = (SELECT operator FROM network WHERE slug = $2))
  UNION ALL SELECT 'person', p.id::text, p.name, p.created_at FROM person p WHERE p.mail = $1 AND ($2::text IS NULL OR p.network = $2)`;
const BY_UUID = `
  SELECT 'agreement' AS kind, id::text AS id, from_network || ' → ' || to_network AS words, created_at AS at FROM agreement
    WHERE id = $1 AND ($2::text IS NULL OR $2 IN (from_network, to_network) OR '*' IN (from_network, to_network))
  UNION ALL SELECT 'dispute', id::text, claimant || ' ⇄ ' || respondent, opened_at FROM dispute
    WHERE id = $1 AND ($2::text IS NULL OR $2 IN (claimant, respondent))
  UNION ALL SELECT 'change', r.id::text, NULL, NULL FROM change_request r
    WHERE r.id = $1 AND ($2::text IS NULL OR EXISTS (SELECT 1 FROM change_confirmation c WHERE c.change = r.id AND c.network = $2))
  UNION ALL SELECT 'person', id::text, name, created_at FROM person WHERE id = $1 AND ($2::text IS NULL OR network = $2)`;
const NUMBER = `
  SELECT 'address' AS kind, address AS id, NULL AS words, since AS at FROM link
  WHERE number = $1 AND ($2::text IS NULL OR split_part(address, '@', 2) = $2) ORDER BY since DESC LIMIT ${MOST}`;
const SIDE = (column: string) =>
  `(SELECT event_id, from_address, to_address, at FROM checkpoint
    WHERE stage = 'accepted' AND kind = 'message' AND ${hasText(column, '$1::text')}
      AND ($2::text IS NULL OR $2 IN (split_part(from_address, '@', 2), split_part(to_address, '@', 2)))
    ORDER BY at DESC, id DESC LIMIT ${MOST})`;
const OF_PERSON = `
  SELECT 'message' AS kind, event_id AS id, from_address || ' → ' || to_address AS words, at
  FROM (${SIDE('from_address')} UNION ${SIDE('to_address')}) s ORDER BY at DESC LIMIT ${MOST}`;
const DAY = `
  SELECT 'business-day' AS kind, $1::text AS id, state AS words, closed_at AS at FROM business_day
  WHERE date = $1::date AND ${seenBy('$2')}`;
/** $3: the party. */
const STATEMENT = `
  SELECT 'statement' AS kind, 'HT' || to_char(date, 'YYYYMMDD') || '-' || $3::text AS id, NULL AS words, closed_at AS at
  FROM business_day
  WHERE date = $1::date AND state = 'closed' AND ($2::text IS NULL OR $2 = $3::text)
    AND ($3::text = 'hub' OR ${tookPart('$3::text')})`;

@Injectable()
export class FindRepository {
  constructor(private readonly reads: BoundedReads) {}

  async find(
    text: string,
    { uuid, number, address, day, statement }: Forms,
    network: string | null,
  ): Promise<HitRow[]> {
    return this.reads.read(async (manager) => {
      const found: HitRow[] = [];
      const look = async (sql: string, value: string | undefined, ...more: unknown[]) => {
        if (value !== undefined) found.push(...(await manager.query<HitRow[]>(sql, [value, ...more])));
      };
      await look(MESSAGE, text, network);
      await look(NATIVE, nativeHash(text), network);
      await look(NAMED, text.toLowerCase(), network);
      await look(BY_UUID, uuid, network);
      await look(NUMBER, number, network);
      await look(OF_PERSON, address, network);
      await look(DAY, day, network);
      await look(STATEMENT, statement?.date, network, statement?.party);
      return found;
    });
  }
}
