/** The events that a homeserver pushes, as far as we read them. Everything else passes the schema untouched and is ignored. */
import { z } from 'zod';

export const MatrixEvent = z.looseObject({
  type: z.string(),
  event_id: z.string().optional(),
  room_id: z.string().optional(),
  sender: z.string().optional(),
  state_key: z.string().optional(),
  origin_server_ts: z.number().optional(),
  redacts: z.string().optional(),
  content: z.record(z.string(), z.unknown()).default({}),
});
export type MatrixEvent = z.infer<typeof MatrixEvent>;

export const Transaction = z.looseObject({
  events: z.array(z.unknown()).default([]),
  ephemeral: z.array(z.unknown()).optional(),
  'de.sorunome.msc2409.ephemeral': z.array(z.unknown()).optional(),
});

const RelatesTo = z.looseObject({
  rel_type: z.string().optional(),
  event_id: z.string().optional(),
  key: z.string().max(64).optional(),
  'm.in_reply_to': z.looseObject({ event_id: z.string() }).optional(),
});

const MediaInfo = z.looseObject({
  mimetype: z.string().max(200).optional(),
  duration: z.number().nonnegative().optional(),
});

const TextContent = z.looseObject({
  msgtype: z.string(),
  body: z.string(),
  format: z.string().optional(),
  formatted_body: z.string().optional(),
});

export const MessageContent = z.looseObject({
  msgtype: z.string().optional(),
  body: z.string().optional(),
  format: z.string().optional(),
  formatted_body: z.string().optional(),
  geo_uri: z.string().optional(),
  filename: z.string().optional(),
  url: z.string().optional(),
  /** Of an encrypted room. */
  file: z.unknown().optional(),
  info: MediaInfo.optional().catch(undefined),
  'org.matrix.msc3245.voice': z.unknown().optional(),
  'org.matrix.msc1767.audio': z
    .looseObject({ waveform: z.array(z.int().min(0).max(1024)).max(256).optional().catch(undefined) })
    .optional()
    .catch(undefined),
  'm.new_content': TextContent.optional(),
  'm.relates_to': RelatesTo.optional(),
});
export type MessageContent = z.infer<typeof MessageContent>;

export const ReactionContent = z.looseObject({ 'm.relates_to': RelatesTo });
export const MemberContent = z.looseObject({ membership: z.string(), is_direct: z.boolean().optional() });
export const TypingContent = z.looseObject({ user_ids: z.array(z.string()) });
export const PresenceContent = z.looseObject({
  presence: z.string(),
  status_msg: z.string().nullish(),
  user_id: z.string().optional(),
});
export const ReceiptContent = z.record(
  z.string(),
  z.looseObject({ 'm.read': z.record(z.string(), z.unknown()).optional() }),
);
