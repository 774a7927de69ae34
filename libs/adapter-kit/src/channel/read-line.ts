/** What a person typed into a channel account -> what he wants. Pure. */
import { addressOf, HubError, NETWORK_PATTERN, parseAddress, type Address, type Network } from '#protocol';

export type Line =
  | { want: 'help'; language?: 'en' | 'zh' }
  | { want: 'list' }
  | { want: 'number'; number: number; text: string }
  | { want: 'address'; address: Address; text: string }
  | { want: 'name'; name: string; text: string }
  | { want: 'text'; text: string };

const HELP_EN = new Set(['/help', 'help', '?']);
const HELP_ZH = new Set(['帮助', '/帮助', '？']);
const LIST = new Set(['@', '＠', '/list', '列表']);
/** "@" of either width, the one named, then what is said to him. */
const NAMED = /^[@＠](\S+)(?:\s+([\s\S]*))?$/;

/** @param listed the last thing that the person was shown is the numbered list */
export function readLine(typed: string, listed: boolean): Line {
  const text = typed.trim();
  if (HELP_EN.has(text.toLowerCase())) return { want: 'help', language: 'en' };
  if (HELP_ZH.has(text)) return { want: 'help', language: 'zh' };
  if (LIST.has(text)) return { want: 'list' };
  if (listed && /^\d{1,3}$/.test(text)) return { want: 'number', number: Number(text), text: '' };
  const [, who = '', said = ''] = NAMED.exec(text) ?? [];
  if (who === '') return { want: 'text', text: typed };
  if (/^\d{1,3}$/.test(who)) return { want: 'number', number: Number(who), text: said };
  const address = typedAddress(who);
  return address ? { want: 'address', address, text: said } : { want: 'name', name: who, text: said };
}

/** `im:<local>@<network>`, or `<native id>@<network>` as people write it. */
export function typedAddress(who: string): Address | undefined {
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
