/** The text of an event, whichever version of the standard it uses -> a part. Pure. */
import { plainText, type SinglePart } from '#protocol';
import { wordsPart } from './text-content.js';

const HTML = 'org.matrix.custom.html';

export function textPart(plain: string, html: string | undefined, isEmote: boolean): SinglePart {
  const words = html ? { body: plain, format: HTML, formatted_body: html } : { body: plain };
  if (wordsPart(words).content.trim() === '') return plainText('');
  return wordsPart(words, isEmote ? '/me ' : '');
}
