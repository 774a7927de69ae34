/**
 * Id rules: which spellings of a native id name the same person. A network declares one in its capabilities (`ids`). Adapters,
 * switch and console make the addresses of its people canonical by this rule.
 */
import { z } from 'zod';
import type { NativeId } from './address.js';
import { foldJid } from './jid-folding.js';
import { foldUntilStable } from './fold-until-stable.js';
import { toHalfWidth } from './full-width.js';

export const ID_RULES = ['exact', 'case-insensitive', 'jid', 'user-and-server', 'number', 'e164'] as const;
export const IdRule = z
  .enum(ID_RULES)
  .describe(
    'Which spellings of an id name the same person. exact: each spelling another person; case-insensitive: ASCII case and width are ignored; jid: RFC 7622, bare; user-and-server: `@user:server`, the server in lower case; number: telephone numbers in any usual form, kept as digits without a plus; e164: the same, kept with a plus and the country code',
  );
export type IdRule = z.infer<typeof IdRule>;

/** The id rule that a network declares. */
export const IdFolding = z
  .object({
    ids: IdRule.optional().describe('Id rule. Absent: exact'),
    numbersWithout: z
      .string()
      .regex(/^[1-9]\d{0,3}$/)
      .optional()
      .describe(
        'Leading digits that the telephone numbers of this network are written without, such as a country code. Absent: ids have the country code',
      ),
  })
  .meta({
    id: 'IdFolding',
    description: 'Id rule of a network: how its ids are brought to their canonical form',
  });
export type IdFolding = z.infer<typeof IdFolding>;

/**
 * The canonical spelling of an id: `fold(fold(x))` is `fold(x)`, and an id to which the rule does not apply is returned unchanged.
 * @returns undefined when it cannot be an id of that network
 */
export function foldId(native: NativeId, { ids = 'exact', numbersWithout }: IdFolding): NativeId | undefined {
  switch (ids) {
    case 'exact':
      return native;
    case 'case-insensitive':
      return asciiLower(toHalfWidth(native));
    case 'jid':
      return foldJid(native);
    case 'user-and-server':
      return foldUntilStable(toHalfWidth(native), foldUserAndServer);
    case 'number':
      return foldUntilStable(native, (text) => foldNumber(text, numbersWithout));
    case 'e164':
      return foldTelephone(native).replace(/^[1-9]\d{4,14}$/, '+$&');
  }
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The user part is kept; the server part is a host name, with or without a port. */
function foldUserAndServer(native: string): string {
  const colon = native.indexOf(':');
  if (!native.startsWith('@') || colon < 0) return native;
  const [, host = '', port = ''] = /^(.*?)(:\d{1,5})?$/s.exec(native.slice(colon + 1)) ?? [];
  return `${native.slice(0, colon)}:${asciiLower(host).replace(/\.+$/, '')}${port}`;
}

/** Separators that people write between the digits of a telephone number. */
const BETWEEN_DIGITS = /[\s().\-\u2010-\u2015]/g;
/** E.164 has at most 15 digits. */
const INTERNATIONAL = /^(?:\+|00)([1-9]\d{4,14})$/;
/** Minimum number of digits of a national number. */
const NATIONAL_DIGITS = 11;

/** `+86 138-0013-8000`, `tel:+8613800138000`, `sip:8613800138000@host`: one number, in the network's own form. */
function foldNumber(native: string, without: string | undefined): string {
  const said = toHalfWidth(native).trim();
  const [, subscriber = ''] = /^(?:(?:tel|sips?):)?([^@;?]*)/i.exec(said) ?? [];
  const number = subscriber.replace(BETWEEN_DIGITS, '');
  const international = INTERNATIONAL.exec(number)?.[1];
  if (international !== undefined) return withoutCode(international, without, 0);
  return /^\d{4,20}$/.test(number) ? withoutCode(number, without, NATIONAL_DIGITS) : native;
}

/** @param least minimum number of digits without the code; if fewer are left, the leading digits are part of the number */
function withoutCode(digits: string, without: string | undefined, least: number): string {
  const [code, left] = [without ?? '', digits.slice(without?.length ?? 0)];
  return code !== '' && digits.startsWith(code) && left.length >= least ? left : digits;
}

/** The canonical form of a telephone number as an address (`…@tel`): `+`, country code, digits. */
export function foldTelephone(native: NativeId): NativeId {
  const [, subscriber = ''] = /^(?:tel:)?([^;]*)/i.exec(toHalfWidth(native).trim()) ?? [];
  const number = subscriber.replace(BETWEEN_DIGITS, '');
  const international = INTERNATIONAL.exec(number)?.[1];
  if (international !== undefined) return `+${international}`;
  return /^\d{4,20}$/.test(number) ? number : native;
}
