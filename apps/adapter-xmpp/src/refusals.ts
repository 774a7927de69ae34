/** The error that the sender of a stanza gets when the stanza cannot be forwarded. Pure. */
import type { Element } from '@xmpp/component';
import type { HubError } from '#protocol';
import { subscription } from './from-canonical.js';
import { bareJid } from './jids.js';
import { NS } from './namespaces.js';
import { bounced } from './xmpp.errors.js';

/**
 * undefined: no error is sent. An error is never answered (RFC 6120 §8.3.1), and neither are stanzas that a client sends by itself
 * (receipts, markers, typing) and presence without a recipient.
 */
export function refusalOf(stanza: Element, error: HubError): Element | undefined {
  const { from, to, type } = stanza.attrs;
  if (!from || type === 'error' || type === 'result') return undefined;
  switch (stanza.name) {
    case 'iq':
      return bounced(stanza, error.code);
    case 'message':
      // With code 12 (encrypted message, call, invitation) the detail says what the person can do instead.
      return isAutomatic(stanza)
        ? undefined
        : bounced(stanza, error.code, error.code === '12' ? error.detail : undefined);
    case 'presence':
      return to ? presenceRefusal(stanza, from, to, error) : undefined;
    default:
      return undefined;
  }
}

/** RFC 6121 §3.1.3 and §4.3.2: the answer to a request and to a probe is `unsubscribed`; after it the server does not ask again. */
function presenceRefusal(stanza: Element, from: string, to: string, error: HubError): Element | undefined {
  switch (stanza.attrs['type']) {
    case 'subscribe':
    case 'probe':
      return subscription(bareJid(to), bareJid(from), 'unsubscribed');
    case undefined:
      return bounced(stanza, error.code);
    default:
      return undefined;
  }
}

const AUTOMATIC = new Set<string | undefined>([
  NS.receipts,
  NS.markers,
  NS.states,
  NS.hints,
  NS.link,
  NS.ids,
  NS.event,
]);

function isAutomatic(stanza: Element): boolean {
  const children = stanza.getChildElements();
  return children.length > 0 && children.every((child) => AUTOMATIC.has(child.getNS()));
}
