/** When a stanza was sent: now, unless it waited somewhere (XEP-0203, and XEP-0091 before it). */
import type { Element } from '@xmpp/component';
import { NS } from './namespaces.js';

/** CCYYMMDDThh:mm:ss in UTC, as XEP-0091 has it. */
const OLD_STAMP = /^(\d{4})(\d{2})(\d{2})T(\d{2}:\d{2}:\d{2})$/;

/** Of several stamps the earliest: each hop that held the stanza adds its own. */
export function sentAt(stanza: Element): Date {
  const stamps = [
    ...stanza.getChildren('delay', NS.delay).map((delay) => delay.attrs['stamp'] ?? ''),
    ...stanza
      .getChildren('x', NS.delayOld)
      .map((x) => (x.attrs['stamp'] ?? '').replace(OLD_STAMP, '$1-$2-$3T$4Z')),
  ];
  const times = stamps.map((stamp) => Date.parse(stamp)).filter((time) => !Number.isNaN(time));
  const now = Date.now();
  return new Date(Math.min(now, ...times));
}
