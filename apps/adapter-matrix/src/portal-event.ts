/** A readable event of the person of a portal. */
import type { MatrixEvent } from './matrix.events.js';
import type { Portal } from './portals.js';

export interface PortalEvent {
  event: MatrixEvent;
  id: string;
  portal: Portal;
}

/** Limits a time from another homeserver to the range that ECMAScript can represent. */
export function sentAt({ origin_server_ts: at }: MatrixEvent): Date {
  const said = new Date(at ?? Number.NaN);
  return Number.isNaN(said.getTime()) ? new Date() : said;
}
