/**
 * Degradation by rule: what a destination cannot show becomes something that it can, or is dropped or rejected,
 * and the event records which. Pure: (message, capabilities) -> verdict.
 */
import { type Capabilities, type Feature, type Level, levelOf } from './capabilities.js';
import { contentKind, MARKDOWN, plainText, textParts, type Content, type Part } from './content.js';
import type { Degradation, MessageEvent } from './events.js';

export type Degraded =
  | { verdict: 'pass'; event: MessageEvent }
  | { verdict: 'drop'; feature: Feature }
  | { verdict: 'reject'; feature: Feature };

interface Words {
  edited: string;
  recalled: string;
  reacted: (emoji: string) => string;
  unreacted: string;
}
const WORDS: Record<Capabilities['language'], Words> = {
  en: {
    edited: '(edited) ',
    recalled: '(recalled an earlier message)',
    reacted: (emoji) => `(reacted ${emoji})`,
    unreacted: '(took back a reaction)',
  },
  zh: {
    edited: '（已修改）',
    recalled: '（撤回了一条消息）',
    reacted: (emoji) => `（回应了 ${emoji}）`,
    unreacted: '（取消了回应）',
  },
};

const KIND_FEATURE = { new: 'text', edit: 'edit', recall: 'recall', reaction: 'reaction' } as const;

export function degradeMessage(event: MessageEvent, to: Capabilities, by: string): Degraded {
  const kind = contentKind(event.data.content);
  const feature = KIND_FEATURE[kind];
  const level = levelOf(to, feature);
  if (level === -2) return { verdict: 'reject', feature };
  if (level === -1) return { verdict: 'drop', feature };

  const record: Degradation[] = [];
  let content = event.data.content;
  if (kind !== 'new' && level === 0)
    content = asWords(content, kind, WORDS[to.language], note(record, by, feature, 0));
  content = withoutReply(content, to, note(record, by, 'reply', 0));
  content = withoutFormatting(content, to, note(record, by, 'formatting', 0));
  if (record.length === 0) return { verdict: 'pass', event };
  const degradations = [...(event.data.degradations ?? []), ...record];
  return { verdict: 'pass', event: { ...event, data: { ...event.data, content, degradations } } };
}

type Note = (rule: string) => void;

function note(record: Degradation[], by: string, feature: Feature, level: Exclude<Level, 2>): Note {
  return (rule) => record.push({ feature, level, rule, by });
}

function asWords(
  content: Content,
  kind: 'edit' | 'recall' | 'reaction',
  words: Words,
  degraded: Note,
): Content {
  degraded('sent as words');
  const { replaces: _replaces, reactions, ...rest } = content;
  switch (kind) {
    case 'edit':
      return {
        ...rest,
        body: plainText(
          words.edited +
            textParts(content.body)
              .map((part) => part.content)
              .join('\n'),
        ),
      };
    case 'recall':
      return { ...rest, body: plainText(words.recalled) };
    case 'reaction': {
      const added = reactions?.add.join(' ');
      return { ...rest, body: plainText(added ? words.reacted(added) : words.unreacted) };
    }
  }
}

function withoutReply(content: Content, to: Capabilities, degraded: Note): Content {
  if (content.inReplyTo === undefined || contentKind(content) === 'reaction' || levelOf(to, 'reply') > 0)
    return content;
  degraded('reference left out');
  const { inReplyTo: _gone, ...rest } = content;
  return rest;
}

function withoutFormatting(content: Content, to: Capabilities, degraded: Note): Content {
  if (levelOf(to, 'formatting') > 0 || !textParts(content.body).some((part) => part.contentType === MARKDOWN))
    return content;
  degraded('plain text');
  return { ...content, body: plainBody(content.body) };
}

function plainBody(body: Part): Part {
  if (body.kind === 'single')
    return body.contentType === MARKDOWN ? { ...body, ...plainText(stripMarkdown(body.content)) } : body;
  if (body.kind !== 'multi') return body;
  return {
    ...body,
    parts: body.parts.map((part) =>
      part.kind === 'single' && part.contentType === MARKDOWN
        ? { ...part, ...plainText(stripMarkdown(part.content)) }
        : part,
    ),
  };
}

/** Marks off, words kept: `**a** [b](c)` -> `a b (c)`. */
export function stripMarkdown(markdown: string): string {
  return markdown
    .replace(/(?<!\\)(\*\*|~~|`{1,3}|_)(?=\S)([\s\S]*?\S)(?<!\\)\1/g, '$2')
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, '$1 ($2)')
    .replace(/\\([\\`*_{}[\]()#+\-.!~>|])/g, '$1');
}
