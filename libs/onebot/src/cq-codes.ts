/**
 * Messages of OneBot 11 <-> the syntax tree: segments (`{type, data}`), or the same as a text with CQ codes, such as
 * `[CQ:face,id=14] hello`. Pure. A CQ code is text of somebody on QQ until it was read here: `&[],` are escaped in it.
 */
import { z } from 'zod';
import type { PhrasingContent } from 'mdast';
import { faceIdOf, faceOf } from '#emoji';
import { PHRASES } from '#protocol';
import { phrasesOf, writePlain, type Tree } from '#text';

const Segment = z.looseObject({
  type: z.string().max(64),
  data: z.record(z.string(), z.unknown()).catch({}),
});
export type Segment = z.infer<typeof Segment>;
/** A message of QQ's clients has far fewer. */
const Segments = z.array(Segment).max(1000);

/** A name, and parameters without the characters that are escaped in them: so no text is scanned twice. */
const CQ_CODE = /\[CQ:([\w.-]{1,64})((?:,[^,[\]]*)*)\]/g;

/** @returns undefined for what is no message */
export function readMessage(message: unknown): Segment[] | undefined {
  return typeof message === 'string' ? readCqCodes(message) : Segments.safeParse(message).data;
}

export function readCqCodes(text: string): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  const words = (end: number) => {
    if (end > at) segments.push(textSegment(unescaped(text.slice(at, end))));
  };
  for (const { index, 0: code, 1: type = '', 2: parameters = '' } of text.matchAll(CQ_CODE)) {
    words(index);
    segments.push({ type, data: Object.fromEntries(parameters.split(',').slice(1).map(parameter)) });
    at = index + code.length;
  }
  words(text.length);
  return segments;
}

export function writeCqCodes(segments: readonly Segment[]): string {
  return segments
    .map((segment) => {
      if (segment.type === 'text') return escaped(valueOf(segment, 'text'));
      const parameters = Object.keys(segment.data).map(
        (name) => `,${name}=${escaped(valueOf(segment, name)).replaceAll(',', '&#44;')}`,
      );
      return `[CQ:${segment.type}${parameters.join('')}]`;
    })
    .join('');
}

/** A parameter as text: implementations also write numbers. */
export function valueOf({ data }: Segment, name: string): string {
  const value = data[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function textSegment(text: string): Segment {
  return { type: 'text', data: { text } };
}

/** Text, faces, mentions and shared links; every other segment in words. */
export function treeOf(segments: readonly Segment[]): Tree {
  const children = segments.flatMap(phrases);
  return { type: 'root', children: children.length === 0 ? [] : [{ type: 'paragraph', children }] };
}

function phrases(segment: Segment): PhrasingContent[] {
  const value = (name: string) => valueOf(segment, name);
  switch (segment.type) {
    case 'text':
      return phrasesOf(value('text'));
    case 'face':
      return phrasesOf(faceOf(value('id')) ?? `[表情${value('id')}]`);
    case 'at':
      return phrasesOf(value('qq') === 'all' ? '@全体成员' : `@${value('name') || value('qq')}`);
    case 'share': {
      const title = value('title') || value('url');
      return [{ type: 'link', url: value('url'), children: phrasesOf(title) }];
    }
    default: {
      const words = ['title', 'content', 'name', 'text', 'summary'].map(value).filter(Boolean);
      return phrasesOf(PHRASES.zh.notShown(segment.type, words.join(' ')));
    }
  }
}

const GRAPHEMES = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** OneBot has no formatting: words without marks, and emoji that QQ draws itself as faces. */
export function segmentsOf(tree: Tree): Segment[] {
  const segments: Segment[] = [];
  let words = '';
  for (const { segment } of GRAPHEMES.segment(writePlain(tree))) {
    const id = faceIdOf(segment);
    if (id === undefined) {
      words += segment;
      continue;
    }
    if (words !== '') segments.push(textSegment(words));
    segments.push({ type: 'face', data: { id } });
    words = '';
  }
  return words === '' ? segments : [...segments, textSegment(words)];
}

function parameter(text: string): [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), unescaped(text.slice(equals + 1))];
}

const ESCAPES: Record<string, string> = { '&amp;': '&', '&#91;': '[', '&#93;': ']', '&#44;': ',' };

function unescaped(text: string): string {
  return text.replaceAll(/&(?:amp|#91|#93|#44);/g, (escape) => ESCAPES[escape] ?? escape);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('[', '&#91;').replaceAll(']', '&#93;');
}
