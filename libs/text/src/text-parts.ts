/** Parts of a message that are words: Markdown where they are formatted, plain text otherwise. */
import { MARKDOWN, markdownText, plainText, textParts, type Part, type SinglePart } from '#protocol';
import type { Root } from 'mdast';
import { isReadableMarkdown, readMarkdown, writeMarkdown } from './markdown.js';
import { writePlain } from './plain-writer.js';
import { isFormatted, treeOfText, treeWithLead } from './tree.js';

export function isMarkdown(part: SinglePart): boolean {
  return part.contentType === MARKDOWN;
}

export function treeOf(part: SinglePart): Root {
  return isMarkdown(part) ? readMarkdown(part.content) : treeOfText(part.content);
}

/** @param plain what the network itself sends as plain text: said when nothing is formatted, or too much */
export function partOf(tree: Root | undefined, plain: string): SinglePart {
  if (!tree || !isFormatted(tree)) return plainText(plain);
  const markdown = writeMarkdown(tree);
  return isReadableMarkdown(markdown) ? markdownText(markdown) : plainText(plain);
}

/** The words of one part, without marks. */
export function plainOf(part: SinglePart): string {
  return isMarkdown(part) ? writePlain(readMarkdown(part.content)) : part.content;
}

/** The words of a body as plain text. Plain text is not parsed. */
export function plainWords(body: Part): string {
  return textParts(body).map(plainOf).join('\n');
}

/** The words of a body as Markdown, when one of its parts is, and as plain text otherwise. */
export function textOf(body: Part): { text: string; format: 'markdown' | 'plain' } {
  const parts = textParts(body);
  if (!parts.some(isMarkdown))
    return { text: parts.map(({ content }) => content).join('\n'), format: 'plain' };
  const texts = parts.map((part) => (isMarkdown(part) ? part.content : writeMarkdown(treeOf(part))));
  return { text: texts.join('\n\n'), format: 'markdown' };
}

/** One tree of all the words of a body. */
export function treeOfBody(body: Part): Root {
  return { type: 'root', children: textParts(body).flatMap((part) => treeOf(part).children) };
}

/** The same part with words in front, such as "(edited) ". */
export function withLead(part: SinglePart, lead: string): SinglePart {
  const content = isMarkdown(part)
    ? writeMarkdown(treeWithLead(readMarkdown(part.content), lead))
    : lead + part.content;
  return { ...part, content };
}
