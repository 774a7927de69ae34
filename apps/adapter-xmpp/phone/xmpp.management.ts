/** Stream management (XEP-0198) of the XMPP client of the tests. */
import type { Client, xml } from '@xmpp/client';

type Element = ReturnType<typeof xml>;

export interface StreamManagement {
  readonly enabled: boolean;
  on(event: 'fail', listener: (stanza: Element) => void): void;
  on(event: 'resumed', listener: () => void): void;
}

/**
 * Resolves when stream management is on. Nothing is asked before.
 * COMPAT(@xmpp/stream-management 0.14): it sets its count of stanzas to zero some time after the server's <enabled/>. An
 * answer to what was asked before, in one read with <enabled/>, is counted too, and the server closes the stream of a
 * client that acknowledges more than was sent.
 */
export async function managed(client: Client, management: StreamManagement): Promise<void> {
  while (!management.enabled) {
    if (client.status !== 'online') throw new Error('the stream broke before its management was on');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Of presence, this alone changes what the server keeps, and is not said again by going online. */
export function isSubscription(stanza: Element): boolean {
  return stanza.is('presence') && /^(un)?subscribed?$/.test(String(stanza.attrs['type']));
}
