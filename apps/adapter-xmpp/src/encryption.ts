/**
 * Detects end-to-end encryption in stanzas. The adapter cannot read such content, and must not forward the hint in the body
 * ("this message is encrypted") as a message.
 */
import type { Element } from '@xmpp/component';
import { NS } from './namespaces.js';

/** Elements that mark a stanza as encrypted, with the name of the method. */
const ELEMENTS: [name: string, namespace: RegExp, called: string][] = [
  // XEP-0384: before version 0.4, and later versions.
  ['encrypted', /^eu\.siacs\.conversations\.axolotl$|^urn:xmpp:omemo:/, 'OMEMO'],
  ['encrypted', /^jabber:x:encrypted$/, 'OpenPGP'],
  // XEP-0373 and its older form XEP-0027.
  ['openpgp', /^urn:xmpp:openpgp:/, 'OpenPGP'],
  ['x', /^jabber:x:encrypted$/, 'OpenPGP'],
  // RFC 3923.
  ['e2e', /^urn:ietf:params:xml:ns:xmpp-e2e$/, 'S/MIME'],
];

/** Data message, fragment or query of OTR, versions 1 to 4. */
const OTR = /^\s*\?OTR(?:[:,|?]|v[0-9a-z]*\?)/;
/** URL of an encrypted file with its key (XEP-0454). */
const ENCRYPTED_FILE = /^\s*aesgcm:\/\//i;

/** @returns the name of the encryption method; undefined for a stanza that is not encrypted */
export function encryptionOf(stanza: Element): string | undefined {
  for (const child of stanza.getChildElements()) {
    const known = ELEMENTS.find(
      ([name, namespace]) => child.name === name && namespace.test(child.getNS() ?? ''),
    );
    if (known) return known[2];
    if (child.is('encryption', NS.eme)) return child.attrs['name'] ?? child.attrs['namespace'] ?? 'unknown';
  }
  const bodies = stanza.getChildren('body').map((body) => body.text());
  if (bodies.some((body) => OTR.test(body))) return 'OTR';
  return bodies.some((body) => ENCRYPTED_FILE.test(body)) ? 'OMEMO media sharing' : undefined;
}

/** White-space tag with which a client offers OTR in an unencrypted message. */
const OTR_OFFER = /\x20\t\x20\x20\t\t\t\t\x20\t\x20\t\x20\t\x20\x20(?:[\x20\t]{8})*/g;

/** Removes the OTR offer. The text is not encrypted and is delivered. */
export function withoutOtrOffer(text: string): string {
  return text.replace(OTR_OFFER, '');
}
