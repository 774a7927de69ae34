/**
 * The canonical form of a bare JID. Servers disagree about the rules (Prosody and ejabberd prepare local parts as RFC 3920
 * does, with compatibility forms and full case folding; RFC 7622 knows width and case only). This takes the wider of the
 * two for each character, so that no spelling which any server takes for the same account passes as another person.
 */
import { domainToASCII, domainToUnicode } from 'node:url';
import { foldUntilStable } from './fold-until-stable.js';
import { toHalfWidth } from './full-width.js';

/** Bytes of each part (RFC 7622 §3.1). */
const MOST_BYTES = 1023;
/** U+1806 as in RFC 3454 table B.1. */
const IGNORABLE = /[\p{Default_Ignorable_Code_Point}\u1806]/gu;
/** RFC 7622 §3.3.1, and what no account has: white space, controls, private use, unassigned. */
const NOT_IN_LOCALPART = /["&'/:<>@\p{Z}\p{Cc}\p{Cs}\p{Co}\p{Cn}]/u;
/** What `domainToASCII` would take for the end of the host, for an escape, or for something else than a name. */
const NOT_IN_DOMAIN = /[\s\p{Cc}"#%&'()*+,/:;<=>?@[\\\]^`{|}]/u;
const IPV6 = /^\[[0-9a-fA-F:.]{2,45}\]$/;

/** The bare JID in canonical form. Folding it again changes nothing. @returns undefined for text that cannot be a JID */
export function foldJid(jid: string): string | undefined {
  const [bare = ''] = toHalfWidth(jid).split('/', 1);
  const at = bare.indexOf('@');
  const domain = foldDomain(bare.slice(at + 1));
  if (domain === undefined || at < 0) return domain;
  const local = foldLocalpart(bare.slice(0, at));
  return local === undefined ? undefined : `${local}@${domain}`;
}

function foldLocalpart(local: string): string | undefined {
  const folded = foldUntilStable(local, (text) => caseFolded(text.replace(IGNORABLE, '').normalize('NFKC')));
  if (folded === undefined || folded === '' || NOT_IN_LOCALPART.test(folded)) return undefined;
  return Buffer.byteLength(folded) <= MOST_BYTES ? folded : undefined;
}

/** Lower case, without IDNA's ASCII form and without the dot of the root. */
function foldDomain(domain: string): string | undefined {
  if (IPV6.test(domain)) return foldIpv6(domain);
  const name = domain.normalize('NFKC');
  if (NOT_IN_DOMAIN.test(name)) return undefined;
  const folded = foldUntilStable(name, (text) => domainToUnicode(domainToASCII(text)).replace(/\.$/, ''));
  if (folded === undefined || folded === '' || NOT_IN_DOMAIN.test(folded)) return undefined;
  if (folded.split('.').includes('')) return undefined;
  return Buffer.byteLength(folded) <= MOST_BYTES ? folded : undefined;
}

function foldIpv6(literal: string): string | undefined {
  return URL.canParse(`http://${literal}/`) ? new URL(`http://${literal}/`).hostname : undefined;
}

/**
 * Full case folding, character by character: what stands alone in upper case gives its lower case, and a character whose
 * upper case is several (ß) gives the lower case of those. ı has no fold, and stays apart from i.
 */
function caseFolded(text: string): string {
  return Array.from(text, foldedCharacter).join('');
}

function foldedCharacter(character: string): string {
  if (character === 'ς') return 'σ';
  const upper = character.toUpperCase();
  const several = Array.from(upper).length > 1;
  return several ? Array.from(upper, (one) => one.toLowerCase()).join('') : character.toLowerCase();
}
