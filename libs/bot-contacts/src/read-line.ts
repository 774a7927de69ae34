/**
 * A line that a person wrote to a bot account -> a command or a message. Pure. Commands begin with "/" or "@", in either
 * width, and the help text lists all of them; every other line goes to the chosen correspondent.
 */
import { addressOf, HubError, NETWORK_PATTERN, parseAddress, type Address, type Network } from '#protocol';

export type Line =
  | { want: 'help'; language?: 'en' | 'zh' }
  | { want: 'list' }
  | { want: 'number'; number: number; text: string }
  | { want: 'address'; address: Address; text: string }
  | { want: 'name'; name: string; text: string }
  | { want: 'text'; text: string };

/** Whole lines; `NAMED` adds those that carry a number, a name or an address. */
const COMMANDS: ReadonlyMap<string, Line> = new Map<string, Line>([
  ['/help', { want: 'help', language: 'en' }],
  ['/帮助', { want: 'help', language: 'zh' }],
  ['/list', { want: 'list' }],
  ['/列表', { want: 'list' }],
  ['@', { want: 'list' }],
]);
/** "@" of either width, the name of a correspondent, then the text for them. */
const NAMED = /^[@＠](\S+)(?:\s+([\s\S]*))?$/;
const NUMBER = /^\d{1,3}$/;

/** @param listed the numbered list was shown, and this is the answer to it */
export function readLine(typed: string, listed: boolean): Line {
  const text = typed.trim();
  const command = COMMANDS.get(toHalfWidth(text).toLowerCase());
  if (command) return command;
  const bare = toHalfWidth(text);
  if (listed && NUMBER.test(bare)) return { want: 'number', number: Number(bare), text: '' };
  const [, named = '', said = ''] = NAMED.exec(text) ?? [];
  if (named === '') return { want: 'text', text: typed };
  const who = toHalfWidth(named);
  if (NUMBER.test(who)) return { want: 'number', number: Number(who), text: said };
  const address = typedAddress(who);
  return address ? { want: 'address', address, text: said } : { want: 'name', name: named, text: said };
}

/** `im:<local>@<network>`, or `<native id>@<network>` as people write it; in either width. */
export function typedAddress(typed: string): Address | undefined {
  const who = toHalfWidth(typed);
  if (who.startsWith('im:')) {
    try {
      parseAddress(who);
      return who as Address;
    } catch (error) {
      if (error instanceof HubError) return undefined;
      throw error;
    }
  }
  const at = who.lastIndexOf('@');
  const [native, network] = [who.slice(0, at), who.slice(at + 1).toLowerCase()];
  if (at <= 0 || !NETWORK_PATTERN.test(network) || !native.isWellFormed()) return undefined;
  return addressOf(network as Network, native);
}

/** Distance of a full-width form (U+FF01 to U+FF5E) from its ASCII character. */
const WIDTH = 0xfe_e0;
/** Letters, digits and the signs that addresses and commands are made of: what a Chinese keyboard writes in full width. */
const FULL_WIDTH = /[０-９Ａ-Ｚａ-ｚ＠／：．＿－＋％]/g;

export function toHalfWidth(text: string): string {
  return text.replace(FULL_WIDTH, (char) => String.fromCharCode(char.charCodeAt(0) - WIDTH));
}
