/** What somebody typed to find a person: a telephone number or an address, in one of the ways in which people write them. */

const SPACED_NUMBER = /^(\+|00)[\d ().-]{5,30}$/;
const NUMBER = /^\+[1-9]\d{6,14}$/;
const ADDRESS = /^im:[^\s@]+@[a-z][a-z0-9-]{0,39}$/;

/** @returns the number or the address; undefined: it is neither */
export function subjectOf(typed: string): string | undefined {
  const text = typed.trim();
  if (SPACED_NUMBER.test(text)) {
    const number = text.replace(/^00/, '+').replaceAll(/[ ().-]/g, '');
    return NUMBER.test(number) ? number : undefined;
  }
  if (ADDRESS.test(text)) return text;
  const at = text.lastIndexOf('@');
  if (at <= 0 || !text.isWellFormed()) return undefined;
  // An id as its network writes it, with the name of the network: anna@example.org@xmpp.
  const address = `im:${encodeURIComponent(text.slice(text.startsWith('im:') ? 3 : 0, at))}${text.slice(at).toLowerCase()}`;
  return ADDRESS.test(address) ? address : undefined;
}
