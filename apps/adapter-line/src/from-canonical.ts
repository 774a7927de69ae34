/** Words -> LINE message objects. Pure. */
import { shownName, nativeOf, type Party } from '#protocol';
import { splitText } from '#text';
import { TEXT_UNITS } from './line.config.js';

/** @param speaker shown in place of the account's name, which LINE takes up to 20 characters, without "LINE" */
export function textMessages(text: string, speaker?: Party, quoteToken?: string): object[] {
  const name = speaker && shownName(speaker.address, speaker.displayName, nativeOf(speaker.address), 20);
  return splitText(text, { textUnits: TEXT_UNITS }).map((piece, at) => ({
    type: 'text',
    text: piece,
    ...(name === undefined || /line/i.test(name) ? {} : { sender: { name } }),
    ...(at === 0 && quoteToken !== undefined ? { quoteToken } : {}),
  }));
}
