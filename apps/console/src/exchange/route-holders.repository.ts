/** Networks that have a number or a route now, and those that would have it without this entry. */
import type { EntityManager } from 'typeorm';
import type { RouteTerms } from './changes.js';

interface Holder {
  network: string;
}

/** The longest prefix of `$1`; without `$1` itself if `$3` is true. */
const LONGEST_PREFIX = `SELECT network FROM route WHERE kind = $2 AND starts_with($1, key) AND NOT ($3 AND key = $1)
  ORDER BY length(key) DESC LIMIT 1`;

/**
 * A ported number has one holder. Holders of any other number are the networks whose subscribers have verified it, and the network of
 * its prefix: porting takes the number from all of them.
 */
export async function holdersOfNumber(
  manager: EntityManager,
  digits: string,
  view: 'as it is' | 'if it were not ported',
): Promise<string[]> {
  if (view === 'as it is') {
    const ported = await manager.query<Holder[]>(
      "SELECT network FROM route WHERE kind = 'exact' AND key = $1",
      [digits],
    );
    if (ported.length > 0) return ported.map(({ network }) => network);
  }
  const linked = await manager.query<Holder[]>(
    "SELECT DISTINCT split_part(address, '@', 2) AS network FROM link WHERE number = $1 AND findable",
    [digits],
  );
  const carrier = await manager.query<Holder[]>(LONGEST_PREFIX, [digits, 'prefix', false]);
  return [...linked, ...carrier].map(({ network }) => network);
}

/** The network of the route, and that of the next shorter prefix, which applies without the route. */
export async function holdersOfRoute(
  manager: EntityManager,
  { kind, key }: Pick<RouteTerms, 'kind' | 'key'>,
): Promise<{ own: string[]; shorter: string[] }> {
  const own = await manager.query<Holder[]>('SELECT network FROM route WHERE kind = $1 AND key = $2', [
    kind,
    key,
  ]);
  const shorter = kind === 'domain' ? [] : await manager.query<Holder[]>(LONGEST_PREFIX, [key, kind, true]);
  return { own: own.map(({ network }) => network), shorter: shorter.map(({ network }) => network) };
}
