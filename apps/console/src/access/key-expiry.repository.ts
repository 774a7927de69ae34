/** API keys that have expired, and whose end is not in the audit log yet. */
import type { Queries } from '#database';

/** Maximum number of keys in one round. */
const MOST = 200;

export interface Expired {
  id: string;
  person_id: string;
  name: string;
  network: string | null;
  expires_at: Date;
}

/** Marks them as recorded, in the transaction that writes the audit log. Keys that another console is recording are left out. */
export async function takeExpired(queries: Queries): Promise<Expired[]> {
  const [expired] = await queries.query<[Expired[], number]>(
    `UPDATE api_key SET expiry_recorded_at = now() WHERE id IN (
       SELECT id FROM api_key WHERE expires_at <= now() AND expiry_recorded_at IS NULL AND revoked_at IS NULL
       ORDER BY expires_at LIMIT ${MOST} FOR UPDATE SKIP LOCKED)
     RETURNING id, person_id, name, network, expires_at`,
  );
  return expired;
}
