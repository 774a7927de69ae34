/** Tree -> plain text: all words, without marks. Code is unchanged. */
import type { Root } from 'mdast';
import { writeLines } from './line-writer.js';

export function writePlain(tree: Root): string {
  return writeLines(tree, { marked: (_, text) => text, codeBlock: (code) => code });
}
