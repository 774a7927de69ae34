/** Stream management (XEP-0198) of the XMPP client of the tests. */
import type { Client, xml } from '@xmpp/client';

type Element = ReturnType<typeof xml>;

export interface StreamManagement {
  readonly enabled: boolean;
  on(event: 'fail', listener: (stanza: Element) => void): void;
  on(event: 'resumed', listener: () => void): void;
}

/**
 * Resolves when stream management is enabled. The client sends no requests before.
 * COMPAT(@xmpp/stream-management 0.14): it resets its stanza counter some time after the server's <enabled/>. It also counts
 * a response that arrives in the same read as <enabled/>, and the server closes the stream of a client that acknowledges
 * more stanzas than it sent.
 */
export async function managed(client: Client, management: StreamManagement): Promise<void> {
  while (!management.enabled) {
    if (client.status !== 'online') throw new Error('the stream broke before its management was on');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Subscription stanzas change stored state and are not repeated by going online, unlike other presence. */
export function isSubscription(stanza: Element): boolean {
  return stanza.is('presence') && /^(un)?subscribed?$/.test(String(stanza.attrs['type']));
}
