/** Certificates of the adapters that are certified now. */
import type { Queries } from '#database';

export interface Held {
  slug: string;
  suite_version: string;
  valid_until: Date;
}

/** Condition for the valid certificate of a certified adapter: its newest one. */
const HELD = `
  SELECT n.slug, c.suite_version, c.valid_until FROM network n
  JOIN LATERAL (SELECT suite_version, valid_until FROM certification WHERE network = n.slug AND passed ORDER BY at DESC LIMIT 1) c ON true
  WHERE n.adapter = 'certified'`;

export function heldCertificates(queries: Queries): Promise<Held[]> {
  return queries.query(HELD);
}
