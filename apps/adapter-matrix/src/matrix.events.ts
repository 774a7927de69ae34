/**
 * The events that a homeserver pushes, read field by field: an optional field that is null or of a wrong type counts as
 * absent, and the event survives.
 */
import { z } from 'zod';

const text = z.string().optional().catch(undefined);
/** Ids become part of paths: a lone surrogate is no id. */
const id = z
  .string()
  .refine((said) => said.isWellFormed())
  .optional()
  .catch(undefined);
const flag = z.boolean().optional().catch(undefined);

export const MatrixEvent = z.looseObject({
  type: z.string(),
  event_id: id,
  room_id: id,
  sender: id,
  state_key: id,
  origin_server_ts: z.number().optional().catch(undefined),
  redacts: id,
  content: z.record(z.string(), z.unknown()).catch({}),
  unsigned: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
export type MatrixEvent = z.infer<typeof MatrixEvent>;

/** Each list is read by itself, so that an invalid one does not refuse the others. */
export const Transaction = z.looseObject({});

export const RelatesTo = z.looseObject({
  rel_type: text,
  event_id: id,
  key: text,
  is_falling_back: flag,
  'm.in_reply_to': z.looseObject({ event_id: id }).optional().catch(undefined),
});
export type RelatesTo = z.infer<typeof RelatesTo>;

const MediaInfo = z.looseObject({
  mimetype: z.string().max(200).optional().catch(undefined),
  duration: z.number().nonnegative().optional().catch(undefined),
});

const block = z.record(z.string(), z.unknown()).optional().catch(undefined);

const words = {
  msgtype: text,
  body: text,
  format: text,
  formatted_body: text,
  geo_uri: text,
  filename: text,
  url: text,
  /** Of an encrypted room. */
  file: z.unknown().optional(),
  info: MediaInfo.optional().catch(undefined),
};

/** Accepts every object; fields that cannot be read count as absent. */
export const MessageContent = z.looseObject({
  ...words,
  'm.new_content': block,
  'm.relates_to': RelatesTo.optional().catch(undefined),
});
export type MessageContent = z.infer<typeof MessageContent>;

export const MemberContent = z.looseObject({ membership: z.string(), is_direct: flag });
export const TypingContent = z.looseObject({ user_ids: z.array(z.string()) });
export const PresenceContent = z.looseObject({
  presence: z.string(),
  status_msg: text,
  user_id: text,
});
export const ReceiptContent = z.record(
  z.string(),
  z.looseObject({ 'm.read': z.record(z.string(), z.unknown()).optional().catch(undefined) }),
);

/** The relation of an event. undefined: it has none, or one that cannot be read. */
export function relationOf(content: Record<string, unknown>): RelatesTo | undefined {
  return MessageContent.parse(content)['m.relates_to'];
}

/**
 * A redacted event has no content. The redaction is an event of its own and carries the meaning.
 */
export function isRedacted({ unsigned }: MatrixEvent): boolean {
  return unsigned?.['redacted_because'] !== undefined || unsigned?.['redacted_by'] !== undefined;
}

/** The content of a state event before this one; undefined when it is the first. */
export function contentBefore(event: MatrixEvent): Record<string, unknown> | undefined {
  const before = event.unsigned?.['prev_content'] ?? event['prev_content'];
  return z.record(z.string(), z.unknown()).safeParse(before).data;
}
