/** Finds messages in the trace, newest first, by the indexes of the table. */
import { Injectable } from '@nestjs/common';
import { hasText } from '#database';
import { BoundedReads } from '../core/bounded-read.repository.js';

export interface SearchTerms {
  address?: string | undefined;
  /** Sender or recipient is of this network. */
  network?: string | undefined;
  code?: string | undefined;
  failed: boolean;
  since?: string | undefined;
  until?: string | undefined;
}

export interface FoundRow {
  id: string;
  event_id: string;
  at: Date;
  from_address: string;
  to_address: string;
  code: string;
}

const FILTERED = `SELECT id, event_id, at, from_address, to_address, code FROM checkpoint
  WHERE ($1::timestamptz IS NULL OR at >= $1) AND ($2::timestamptz IS NULL OR at < $2)
    AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4)) AND ($5::text IS NULL OR code = $5)
    AND ($6::text IS NULL OR $6 IN (split_part(from_address, '@', 2), split_part(to_address, '@', 2)))`;
const NEWEST = 'ORDER BY at DESC, id DESC LIMIT $7';
const ACCEPTED = "stage = 'accepted' AND kind = 'message'";
const FAILED = "stage = 'failed'";

@Injectable()
export class MessageSearchRepository {
  constructor(private readonly reads: BoundedReads) {}

  find(
    { address, network, code, failed, since, until }: SearchTerms,
    after: readonly [string, string] | undefined,
    limit: number,
  ): Promise<FoundRow[]> {
    const parameters = [
      since ?? null,
      until ?? null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      code ?? null,
      network ?? null,
      limit,
      // Only the conditions of the sides name it.
      ...(address === undefined ? [] : [address]),
    ];
    // A code other than success is that of a failure.
    const isFailure = failed || (code !== undefined && code !== '00');
    const query = statement(isFailure, sidesOf(address, network));
    return this.reads.read((manager) => manager.query<FoundRow[]>(query, parameters));
  }
}

/** Conditions that name the index of each side, the sender's and the recipient's. None: the newest messages of all. */
function sidesOf(address: string | undefined, network: string | undefined): string[] {
  const columns = ['from_address', 'to_address'];
  if (address !== undefined) return columns.map((side) => hasText(side, '$8::text'));
  if (network !== undefined) return columns.map((side) => `split_part(${side}, '@', 2) = $6`);
  return [];
}

function statement(isFailure: boolean, sides: string[]): string {
  const stage = isFailure ? FAILED : ACCEPTED;
  if (sides.length === 0) return `${FILTERED} AND ${stage} ${NEWEST}`;
  const each = sides.map((side) => `(${FILTERED} AND ${stage} AND ${side} ${NEWEST})`);
  return `SELECT * FROM (${each.join(' UNION ')}) both_sides ${NEWEST}`;
}
