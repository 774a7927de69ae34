/** End-to-end encryption of every kind that XMPP clients use. Its content cannot be read here, and its hint is no message. */
import type { Element } from '@xmpp/component';
import { NS } from './namespaces.js';

/** An element of a stanza -> what it says about encryption. */
const ELEMENTS: [name: string, namespace: RegExp, called: string][] = [
  // XEP-0384: the classic version (before 0.4), and every later one.
  ['encrypted', /^eu\.siacs\.conversations\.axolotl$|^urn:xmpp:omemo:/, 'OMEMO'],
  ['encrypted', /^jabber:x:encrypted$/, 'OpenPGP'],
  // XEP-0373 and its older form XEP-0027.
  ['openpgp', /^urn:xmpp:openpgp:/, 'OpenPGP'],
  ['x', /^jabber:x:encrypted$/, 'OpenPGP'],
  // RFC 3923.
  ['e2e', /^urn:ietf:params:xml:ns:xmpp-e2e$/, 'S/MIME'],
];

/** A data message, a fragment or a query of OTR (versions 1 to 4). */
const OTR = /^\s*\?OTR(?:[:,|?]|v[0-9a-z]*\?)/;
/** XEP-0454: an encrypted file, with its key in the address. */
const ENCRYPTED_FILE = /^\s*aesgcm:\/\//i;

/** @returns how the sender encrypted it; undefined when it is not encrypted */
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

/** The tag that stands in a message of plain words to offer OTR: white space that no person wrote. */
const OTR_OFFER = /\x20\t\x20\x20\t\t\t\t\x20\t\x20\t\x20\t\x20\x20(?:[\x20\t]{8})*/g;

/** The words themselves are not encrypted, and cross. */
export function withoutOtrOffer(text: string): string {
  return text.replace(OTR_OFFER, '');
}
