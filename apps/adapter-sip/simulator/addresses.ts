/** What a person types and sees, and the addresses on the wire. */
/** Characters of a user part that need no escape (RFC 3261 §25.1). */
const NEEDS_ESCAPE = /[^A-Za-z0-9\-_.!~*'()&=+$,;?/%]/gu;

/** A user part of this domain, `user@elsewhere`, or a whole address. */
export function addressOf(typed: string, domain: string): string {
  if (/^(sips?|tel):/i.test(typed)) return typed;
  if (typed.includes('@')) return `sip:${typed}`;
  return `sip:${typed.replace(NEEDS_ESCAPE, (one) => encodeURIComponent(one))}@${domain}`;
}

/** The user part as it was sent, within this domain; otherwise the whole address. */
export function shownAs(address: string, domain: string): string {
  const [, user, host] = /^sips?:([^@;]+)@([^;:?]+)/i.exec(address) ?? [];
  return user !== undefined && host?.toLowerCase() === domain.toLowerCase() ? user : address;
}

/** A person's id: letters, digits and a few marks, such as `alice` or `13800000001`, or with the domain. @throws Error */
export function userOf(native: string, domain: string): string {
  const user = native.endsWith(`@${domain}`) ? native.slice(0, -domain.length - 1) : native;
  if (!/^[A-Za-z0-9+][A-Za-z0-9+._-]{0,63}$/.test(user)) throw new Error(`${native} is no user of SIP here`);
  return user;
}
