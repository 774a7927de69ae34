/** Verified links between numbers and addresses, and the challenges that prove them. */
import { LOCKS, type Queries } from '#database';
import { ApiProblem } from '#http';
import {
  digitsOf,
  type Address,
  type Capabilities,
  type E164,
  type MemberState,
  type Network,
} from '#protocol';

export interface NewLink {
  number: E164;
  address: Address;
  preferred: boolean;
  findable: boolean;
}

export interface LinkColumns {
  number: string;
  address: Address;
  preferred: boolean;
  findable: boolean;
  since: Date;
}

export interface ChallengeColumns extends Omit<LinkColumns, 'since'> {
  number_code: string;
  address_code: string;
}

interface Home {
  network: Network;
  address: Address | null;
  status: MemberState;
  leaves_at: Date | null;
  capabilities: Capabilities | null;
}

/** How often the codes of one challenge may be tried. */
const ATTEMPTS = 5;
const KEPT_DAYS = 7;

/** Network that receives messages to the number: ported, by prefix, or by SMS. Longest prefix first. */
const HOME = `
  SELECT r.network, r.address, n.status, n.leaves_at, n.capabilities FROM route r JOIN network n ON n.slug = r.network
  WHERE (r.kind = 'exact' AND r.key = $1) OR (r.kind IN ('prefix', 'sms') AND r.key = ANY($2))
  ORDER BY array_position(ARRAY['exact', 'prefix', 'sms'], r.kind), length(r.key) DESC LIMIT 1`;

export async function insertChallenge(
  queries: Queries,
  challenge: { id: string; link: NewLink; hashes: string[]; by: string; expiresAt: Date },
): Promise<void> {
  const { id, link, hashes, by, expiresAt } = challenge;
  await queries.query(
    `INSERT INTO link_challenge (id, number, address, preferred, findable, number_code, address_code, started_by, started_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now(), $9)`,
    [id, digitsOf(link.number), link.address, link.preferred, link.findable, ...hashes, by, expiresAt],
  );
}

/** Counts one attempt. undefined: the challenge is used, expired, or was tried too often. */
export async function tryChallenge(queries: Queries, id: string): Promise<ChallengeColumns | undefined> {
  const [[challenge]] = await queries.query<[ChallengeColumns[], number]>(
    `UPDATE link_challenge SET attempts = attempts + 1
     WHERE id = $1 AND attempts < $2 AND expires_at > now() AND confirmed_at IS NULL RETURNING *`,
    [id, ATTEMPTS],
  );
  return challenge;
}

export async function addressOfChallenge(queries: Queries, id: string): Promise<Address | undefined> {
  const [row] = await queries.query<{ address: Address }[]>(
    'SELECT address FROM link_challenge WHERE id = $1',
    [id],
  );
  return row?.address;
}

/** Until the end of the transaction no other link of this number is made. */
export async function confirmChallenge(queries: Queries, id: string, number: string): Promise<void> {
  await queries.query('SELECT pg_advisory_xact_lock($1)', [number]);
  await queries.query('UPDATE link_challenge SET confirmed_at = now() WHERE id = $1', [id]);
}

/** Challenges of the last hour. Until the end of the transaction nobody else counts: two at once would not count each other. */
export async function countChallenges(
  queries: Queries,
  { number, address }: Pick<NewLink, 'number' | 'address'>,
  caller: string,
): Promise<{ ends: number; caller: number }> {
  await queries.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.challenges]);
  await queries.query(`DELETE FROM link_challenge WHERE started_at < now() - interval '${KEPT_DAYS} days'`);
  const [counted] = await queries.query<{ ends: string; caller: string }[]>(
    `SELECT count(*) FILTER (WHERE number = $1 OR address = $2) AS ends, count(*) FILTER (WHERE started_by = $3) AS caller
     FROM link_challenge WHERE started_at > now() - interval '1 hour'`,
    [digitsOf(number), address, caller],
  );
  return { ends: Number(counted?.ends), caller: Number(counted?.caller) };
}

export function linksOf(queries: Queries, address: Address): Promise<LinkColumns[]> {
  return queries.query('SELECT * FROM link WHERE address = $1 ORDER BY number', [address]);
}

/** undefined: there is no such link. */
export async function setFindable(
  queries: Queries,
  { number, address, findable }: Omit<NewLink, 'preferred'>,
): Promise<LinkColumns | undefined> {
  const [[row]] = await queries.query<[LinkColumns[], number]>(
    'UPDATE link SET findable = $3 WHERE number = $1 AND address = $2 RETURNING *',
    [digitsOf(number), address, findable],
  );
  return row;
}

/** @returns false when there is no such link */
export async function deleteLink(queries: Queries, number: E164, address: Address): Promise<boolean> {
  const [, gone] = await queries.query<[object[], number]>(
    'DELETE FROM link WHERE number = $1 AND address = $2',
    [digitsOf(number), address],
  );
  return gone > 0;
}

/** The first link of a number is the preferred one; a later one becomes preferred only if its owner asked for it. */
export async function storeLink(
  queries: Queries,
  { number, address, preferred, findable }: ChallengeColumns,
): Promise<LinkColumns> {
  const others = await queries.query<object[]>(
    'SELECT 1 FROM link WHERE number = $1 AND address <> $2 AND preferred',
    [number, address],
  );
  const isPreferred = preferred || others.length === 0;
  if (isPreferred) await queries.query('UPDATE link SET preferred = false WHERE number = $1', [number]);
  const [row] = await queries.query<LinkColumns[]>(
    `INSERT INTO link (number, address, preferred, findable, since) VALUES ($1, $2, $3, $4, now())
     ON CONFLICT (number, address) DO UPDATE SET preferred = excluded.preferred, findable = excluded.findable, since = excluded.since
     RETURNING *`,
    [number, address, isPreferred, findable],
  );
  if (!row) throw new ApiProblem('internal', 'the link was not stored');
  return row;
}

/** Other links of this number, or of this address, whichever are more. @param number digits */
export async function mostLinks(queries: Queries, number: string, address: Address): Promise<number> {
  const [counted] = await queries.query<{ most: number }[]>(
    `SELECT greatest(count(*) FILTER (WHERE number = $1), count(*) FILTER (WHERE address = $2))::int AS most
     FROM link WHERE (number, address) <> ($1, $2) AND (number = $1 OR address = $2)`,
    [number, address],
  );
  return counted?.most ?? 0;
}

/** Where codes to this number go. */
export async function homeOfNumber(queries: Queries, number: E164): Promise<Home | undefined> {
  const digits = digitsOf(number);
  const prefixes = Array.from(digits, (_, at) => digits.slice(0, at + 1));
  const [home] = await queries.query<Home[]>(HOME, [digits, prefixes]);
  return home;
}
