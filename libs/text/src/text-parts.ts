/** Text parts of a message: Markdown if the text is formatted, plain text otherwise. */
import { MARKDOWN, markdownText, plainText, textParts, type Part, type SinglePart } from '#protocol';
import type { Root } from 'mdast';
import { isReadableMarkdown, readMarkdown, writeMarkdown } from './markdown.js';
import { writePlain } from './plain-writer.js';
import { writeStyling } from './styling.js';
import { isFormatted, treeOfText, treeWithLead } from './tree.js';

export function isMarkdown(part: SinglePart): boolean {
  return part.contentType === MARKDOWN;
}

export function treeOf(part: SinglePart): Root {
  return isMarkdown(part) ? readMarkdown(part.content) : treeOfText(part.content);
}

/** @param plain the plain text that the network sent; used when nothing is formatted, or the Markdown exceeds the bounds */
export function partOf(tree: Root | undefined, plain: string): SinglePart {
  if (!tree || !isFormatted(tree)) return plainText(plain);
  const markdown = writeMarkdown(tree);
  return isReadableMarkdown(markdown) ? markdownText(markdown) : plainText(plain);
}

/** The text of one part, without marks. */
export function plainOf(part: SinglePart): string {
  return isMarkdown(part) ? writePlain(readMarkdown(part.content)) : part.content;
}

/** The text of a body as plain text. Plain text parts are not parsed. */
export function plainWords(body: Part): string {
  return textParts(body).map(plainOf).join('\n');
}

/** The text of a body with the marks of message styling. Plain text parts are not parsed. */
export function styledWords(body: Part): string {
  return textParts(body)
    .map((part) => (isMarkdown(part) ? writeStyling(readMarkdown(part.content)) : part.content))
    .join('\n');
}

/** The text of a body as Markdown if one of its parts is Markdown, otherwise as plain text. */
export function textOf(body: Part): { text: string; format: 'markdown' | 'plain' } {
  const parts = textParts(body);
  if (!parts.some(isMarkdown))
    return { text: parts.map(({ content }) => content).join('\n'), format: 'plain' };
  const texts = parts.map((part) => (isMarkdown(part) ? part.content : writeMarkdown(treeOf(part))));
  return { text: texts.join('\n\n'), format: 'markdown' };
}

/** One tree with all text of a body. */
export function treeOfBody(body: Part): Root {
  return { type: 'root', children: textParts(body).flatMap((part) => treeOf(part).children) };
}

/** The part with a text before it, such as "(edited) ". */
export function withLead(part: SinglePart, lead: string): SinglePart {
  const content = isMarkdown(part)
    ? writeMarkdown(treeWithLead(readMarkdown(part.content), lead))
    : lead + part.content;
  return { ...part, content };
}
