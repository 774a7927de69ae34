/** Message entities of Telegram <-> tree. Mentions, links and commands that Telegram finds in the text itself need no range. */
import { z } from 'zod';
import { plainText, type SinglePart } from '#protocol';
import type { Root } from 'mdast';
import { readRanges, writeRanges, type Range, type RangeKind } from './ranges.js';
import { partOf } from './text-parts.js';

const Entity = z.looseObject({
  type: z.string(),
  offset: z.int(),
  length: z.int(),
  url: z.string().optional().catch(undefined),
  language: z.string().max(30).optional().catch(undefined),
});
export const Entities = z
  .array(z.unknown())
  .transform((all) => all.flatMap((one) => Entity.safeParse(one).data ?? []))
  .catch([]);
export type Entities = z.infer<typeof Entities>;

const KIND_OF: Readonly<Record<string, RangeKind>> = {
  bold: 'strong',
  italic: 'emphasis',
  strikethrough: 'delete',
  code: 'inlineCode',
  pre: 'code',
  text_link: 'link',
  blockquote: 'blockquote',
  expandable_blockquote: 'blockquote',
};
const TYPE_OF: Record<RangeKind, string> = {
  strong: 'bold',
  emphasis: 'italic',
  delete: 'strikethrough',
  inlineCode: 'code',
  code: 'pre',
  link: 'text_link',
  blockquote: 'blockquote',
};

/** @param entities of `text`. @returns what reads the end of the text that is left when a command is taken off its start */
export function formatOf(text: string, entities: Entities): ((rest: string) => SinglePart) | undefined {
  const ranges = entities.flatMap(({ type, ...about }): Range[] => {
    const kind = KIND_OF[type];
    return kind === undefined ? [] : [{ ...about, kind }];
  });
  if (ranges.length === 0) return undefined;
  return (rest) => {
    if (!text.endsWith(rest)) return plainText(rest);
    const cut = text.length - rest.length;
    const moved = ranges.map((range) => ({ ...range, offset: range.offset - cut }));
    return partOf(readRanges({ text: rest, ranges: moved }), rest);
  };
}

export interface EntityText {
  text: string;
  entities: object[];
}

export function writeEntities(tree: Root): EntityText {
  const { text, ranges } = writeRanges(tree);
  return { text, entities: ranges.map(({ kind, ...about }) => ({ type: TYPE_OF[kind], ...about })) };
}
