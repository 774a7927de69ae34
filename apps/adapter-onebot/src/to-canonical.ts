/** Actions of OneBot 11 -> what a bot says. Pure. */
import type { NativeAttachment } from '#adapter-kit';
import { contentOf, readMessage, textSegment } from '#onebot';
import { HubError, type LeafPart } from '#protocol';
import { partOf, writePlain } from '#text';
import { z } from 'zod';

/** An action as it comes over a WebSocket. */
export const ActionFrame = z.looseObject({
  action: z.string().min(1).max(100),
  params: z.record(z.string(), z.unknown()).nullish(),
  echo: z.unknown().optional(),
});
export type ActionFrame = z.infer<typeof ActionFrame>;
export type Params = Record<string, unknown>;

/** One attachment, as an address or with its content. */
export type Medium = Pick<NativeAttachment, 'disposition' | 'contentType' | 'filename' | 'meta'> &
  ({ url: string } | { bytes: Buffer });

export interface Said {
  /** Words and places, in the order in which they stand. */
  parts: LeafPart[];
  media: Medium[];
  /** Number of the message that it answers. */
  quotes: string | undefined;
}

/**
 * The token in `Authorization`, or else in the query.
 * COMPAT(koishi-plugin-adapter-onebot, 6): writes "Token" in place of "Bearer" over HTTP.
 */
export function tokenIn(authorization: string | undefined, query: string | null | undefined): string {
  const [, token] = /^(?:Bearer|Token) (.*)$/.exec(authorization ?? '') ?? [];
  return token ?? query ?? '';
}

const BASE64 = 'base64://';

/**
 * What a message says; segments that have no canonical form become words.
 * @throws HubError 30 for what is no message, or says nothing
 */
export function readSaid({ message, auto_escape: verbatim }: Params): Said {
  const isText = typeof message === 'string';
  const single = typeof message === 'object' && message !== null && !Array.isArray(message);
  const segments =
    isText && isTrue(verbatim) ? [textSegment(message)] : readMessage(single ? [message] : message);
  if (!segments) throw new HubError('30', 'message: expected segments, or a text with CQ codes');
  const content = contentOf(segments);
  const media = content.media.map(mediumOf);
  const text = writePlain(content.tree);
  const parts: LeafPart[] = [];
  if (text !== '') parts.push(partOf(content.tree, text));
  if (content.location) parts.push(content.location);
  if (parts.length === 0 && media.length === 0) throw new HubError('30', 'message: it says nothing');
  const quotes = /^\d{1,20}$/.test(content.quotes ?? '') ? content.quotes : undefined;
  return { parts, media, quotes };
}

/** @throws HubError 30 for a file on the disk of the bot, which nobody else can read */
function mediumOf({ source, ...about }: NativeAttachment): Medium {
  const { url, file = '' } = source;
  if (url !== undefined) return { ...about, url };
  const bytes = Buffer.from(file.startsWith(BASE64) ? file.slice(BASE64.length) : '', 'base64');
  if (bytes.length === 0) throw new HubError('30', 'file: expected http://, https:// or base64://');
  return { ...about, bytes };
}

/** Bots write booleans as texts too. */
function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === 1;
}

/** `.handle_quick_operation`: the answer to an event, in one step with it. @returns undefined: there is nothing to say */
export function readQuickReply({
  context,
  operation,
}: Params): { user: unknown; params: Params } | undefined {
  const [about, what] = [asParams(context), asParams(operation)];
  if (what['reply'] === undefined || what['reply'] === null) return undefined;
  return { user: about['user_id'], params: { message: what['reply'], auto_escape: what['auto_escape'] } };
}

function asParams(value: unknown): Params {
  return typeof value === 'object' && value !== null ? (value as Params) : {};
}
