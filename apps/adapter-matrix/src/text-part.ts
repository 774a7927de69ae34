/** Words of an event -> a part: formatted where the HTML formats something. Pure. */
import { markdownText, plainText, type SinglePart } from '#protocol';
import { htmlToMarkdown } from './html.js';

export function textPart(plain: string, html: string | undefined, isEmote: boolean): SinglePart {
  const lead = isEmote ? '/me ' : '';
  const markdown = html ? htmlToMarkdown(html) : undefined;
  if (markdown !== undefined && markdown.trim() !== '') return markdownText(lead + markdown);
  return plainText(plain === '' ? '' : lead + plain);
}
