/** Content: the IETF MIMI content model (draft-ietf-mimi-content) in JSON. */
import { z } from 'zod';
import { EventId } from './ids.js';
import { MediaGrant, MediaMeta, MediaSeal, MediaUrl } from './attachments.js';
import type { ResultCode } from './results.js';

export const Disposition = z.enum([
  'unspecified',
  'render',
  'reaction',
  'profile',
  'inline',
  'icon',
  'attachment',
  'session',
  'preview',
]);

const common = { disposition: Disposition, language: z.string().max(35).optional() };
const MAX_TEXT = 400_000;

export const MARKDOWN = 'text/markdown;variant=GFM-MIMI';
export const PLAIN = 'text/plain;charset=utf-8';

/** Why an attachment is missing (results.ts): too large, type not accepted, no longer available, damaged. */
export const MediaFailure = z.enum(['105', '106', '107', '108']);
export type MediaFailure = z.infer<typeof MediaFailure>;

/** The reason for a missing attachment that a result code means (61 means 105); undefined if it means none. */
export function mediaFailureOf(code: ResultCode | undefined): MediaFailure | undefined {
  return MediaFailure.safeParse(code === '61' ? '105' : code).data;
}

const SinglePart = z
  .object({
    ...common,
    kind: z.literal('single'),
    contentType: z.string().max(200),
    content: z.string().max(MAX_TEXT),
  })
  .meta({ id: 'SinglePart', description: 'A text that the event contains' });

/** 16 GiB: more than any network accepts, and small enough that prices per kilobyte do not overflow. */
const MAX_MEDIUM = 2 ** 34;

export const ExternalPart = z
  .object({
    ...common,
    kind: z.literal('external'),
    contentType: z
      .string()
      .max(200)
      .describe('Media type, detected from the content, not taken from the sender'),
    url: MediaUrl.optional().describe('Absent: the content is missing; `failure` says why'),
    size: z.int().nonnegative().max(MAX_MEDIUM).optional().describe('Size in bytes; required with `url`'),
    hash: z.object({ alg: z.literal('sha-256'), value: z.hex().length(64) }).optional(),
    seal: MediaSeal.optional(),
    grant: MediaGrant.optional(),
    filename: z.string().max(255).optional(),
    description: z
      .string()
      .max(2000)
      .optional()
      .describe('Meaning of a sticker, or description of a picture'),
    meta: MediaMeta.optional(),
    failure: MediaFailure.optional(),
  })
  .refine(({ url, size }) => url === undefined || size !== undefined, {
    path: ['size'],
    message: 'is required with `url`: the fee depends on it',
  })
  .meta({
    id: 'ExternalPart',
    description: 'An attachment by reference. The event never contains the content of an attachment',
  });

const NullPart = z
  .object({ ...common, kind: z.literal('null') })
  .meta({ id: 'NullPart', description: 'Empty body; with `replaces` it is a recall' });

const LeafPart = z.discriminatedUnion('kind', [NullPart, SinglePart, ExternalPart]);

/** One level of nesting, which is what the networks need. MIMI allows four. */
const MultiPart = z
  .object({
    ...common,
    kind: z.literal('multi'),
    semantics: z.enum(['chooseOne', 'singleUnit', 'processAll']),
    parts: z.array(LeafPart).min(1).max(32),
  })
  .meta({ id: 'MultiPart', description: 'Several parts: choose one, one unit, or process all' });

export const Part = z
  .discriminatedUnion('kind', [NullPart, SinglePart, ExternalPart, MultiPart])
  .meta({ id: 'Part' });
export type Part = z.infer<typeof Part>;
export type SinglePart = z.infer<typeof SinglePart>;
export type ExternalPart = z.infer<typeof ExternalPart>;

const Emoji = z.string().min(1).max(64);
/** XMPP sends the full set, Matrix single changes: the event contains both. */
export const Reactions = z
  .object({ add: z.array(Emoji).max(32), remove: z.array(Emoji).max(32), current: z.array(Emoji).max(32) })
  .meta({
    id: 'Reactions',
    description: 'Reactions of one person to one message: the change, and the full set after the change',
  });
export type Reactions = z.infer<typeof Reactions>;

export const Content = z
  .object({
    replaces: EventId.optional().describe(
      'The first version of the message that is edited or recalled, also after several edits',
    ),
    inReplyTo: EventId.optional().describe('The message that is replied to or reacted to'),
    body: Part,
    reactions: Reactions.optional(),
  })
  .meta({ id: 'Content' });
export type Content = z.infer<typeof Content>;

/** What a message does. It is derived from the content, because a field of its own could contradict it. */
export type ContentKind = 'new' | 'edit' | 'recall' | 'reaction';

export function contentKind(content: Content): ContentKind {
  if (content.reactions !== undefined) return 'reaction';
  if (content.replaces === undefined) return 'new';
  return content.body.kind === 'null' ? 'recall' : 'edit';
}

export const EMPTY: Part = { kind: 'null', disposition: 'unspecified' };

export function plainText(text: string): SinglePart {
  return { kind: 'single', disposition: 'render', contentType: PLAIN, content: text };
}

export function markdownText(markdown: string): SinglePart {
  return { kind: 'single', disposition: 'render', contentType: MARKDOWN, content: markdown };
}

export const LOCATION = 'application/geo+json';
export const CARD = 'text/vcard';

const NOT_WORDS = new Set([LOCATION, CARD]);

/** The text parts, in reading order. */
export function textParts(body: Part): SinglePart[] {
  const singles = leaves(body).filter(
    (part): part is SinglePart => part.kind === 'single' && !NOT_WORDS.has(part.contentType),
  );
  return body.kind === 'multi' && body.semantics === 'chooseOne' ? singles.slice(0, 1) : singles;
}

/** The text parts of a body as one text. */
export function wordsOf(body: Part): string {
  return textParts(body)
    .map((part) => part.content)
    .join('\n');
}

export type LeafPart = z.infer<typeof LeafPart>;

export function leaves(body: Part): LeafPart[] {
  return body.kind === 'multi' ? body.parts : [body];
}

/** One part stays as it is; several become a multi part. */
export function bodyOf(parts: LeafPart[]): Part {
  const [only] = parts;
  if (only === undefined) return EMPTY;
  return parts.length === 1 ? only : { kind: 'multi', disposition: 'render', semantics: 'processAll', parts };
}
