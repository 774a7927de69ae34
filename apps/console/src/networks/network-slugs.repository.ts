/** Which networks exist, and which of them take part: slugs only, for checks and for addressees of announcements. */
import type { Queries } from '#database';
import type { Network } from '#protocol';

export async function networkExists(queries: Queries, slug: string): Promise<boolean> {
  return (await queries.query<unknown[]>('SELECT 1 FROM network WHERE slug = $1', [slug])).length > 0;
}

/** Of these parties, those that are networks. */
export async function networksAmong(queries: Queries, parties: readonly string[]): Promise<string[]> {
  const rows = await queries.query<{ slug: string }[]>(
    'SELECT slug FROM network WHERE slug = ANY($1) ORDER BY slug',
    [parties],
  );
  return rows.map(({ slug }) => slug);
}

/** Of these networks, those that have not left. */
export async function networksNotGone(queries: Queries, networks: readonly string[]): Promise<Network[]> {
  const rows = await queries.query<{ slug: Network }[]>(
    "SELECT slug FROM network WHERE slug = ANY($1) AND status <> 'gone' ORDER BY slug",
    [networks],
  );
  return rows.map(({ slug }) => slug);
}

/**
 * Networks that take part, leave or are suspended. A suspended network is still a member: otherwise two admins could suspend
 * it, change its terms without it, and enable it.
 */
export async function memberSlugs(queries: Queries): Promise<string[]> {
  const rows = await queries.query<{ slug: string }[]>(
    "SELECT slug FROM network WHERE status IN ('live', 'leaving', 'suspended') ORDER BY slug",
  );
  return rows.map(({ slug }) => slug);
}

/** Members, and networks that have a position on the day. */
export async function partiesOfDay(queries: Queries, date: string): Promise<string[]> {
  const rows = await queries.query<{ slug: string }[]>(
    `SELECT slug FROM network
     WHERE status IN ('live', 'suspended', 'leaving')
       OR slug IN (SELECT party FROM position WHERE business_date = $1::date) ORDER BY slug`,
    [date],
  );
  return rows.map(({ slug }) => slug);
}
