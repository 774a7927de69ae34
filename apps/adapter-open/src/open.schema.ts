/**
 * The open interface on the wire: one shape of event in both directions. Towards the hub `from` is one of the network's
 * own people and `to` the address of somebody abroad; towards the network it is the other way round.
 */
import { z } from 'zod';
import { Availability, RESULT_CODES, type ResultCode } from '#protocol';

const Id = z.string().min(1).max(255);
const At = z.iso.datetime({ offset: true }).max(40);
const Text = z.string().max(100_000);

const MediaId = z.string().regex(/^[\w-]{8,64}$/);

const Place = z
  .object({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    label: z.string().max(500).optional(),
  })
  .meta({ id: 'Place' });
const Card = z
  .object({
    name: z.string().max(200),
    phone: z.string().max(50).optional(),
    id: z.string().max(200).optional(),
  })
  .meta({ id: 'Card' });
const Media = z
  .object({
    id: MediaId.optional().describe(
      'From POST /open/v1/media, or for GET /open/v1/media/{id}. Absent: the content does not come',
    ),
    type: z.string().max(200).describe('Media type, such as image/jpeg'),
    name: z.string().max(255).optional(),
    size: z.int().nonnegative().optional(),
    seconds: z.number().nonnegative().max(1_000_000).optional(),
    width: z.int().positive().optional(),
    height: z.int().positive().optional(),
    voice: z.boolean().optional().describe('A recorded note'),
    meaning: z.string().max(500).optional().describe('Of a sticker: what it says'),
  })
  .meta({ id: 'Media', description: 'A picture, a voice note, a video or a file' });
export type OpenMedia = z.infer<typeof Media>;

export const Uploaded = z
  .object({
    media: z.string().max(64),
    type: z.string().max(200),
    size: z.int().nonnegative(),
    sha256: z.string().max(64),
  })
  .meta({ id: 'Uploaded', description: 'What the upload is, by its content' });
export type Uploaded = z.infer<typeof Uploaded>;

const common = {
  id: Id.describe('Unique in the network that gives it; the same id again is the same event'),
  from: z.object({
    id: z.string().min(1).max(4000),
    name: z.string().max(200).optional().describe('Absent: as before'),
    avatar: MediaId.nullable()
      .optional()
      .describe(
        'Absent: as before; null: none any more. Towards the network: to be fetched when it is seen for the first time',
      ),
  }),
  to: z.string().min(1).max(20_000),
  at: At.optional().describe('When it happened; now, if absent'),
};
const words = {
  text: Text.optional(),
  format: z.enum(['plain', 'markdown']).default('plain'),
  place: Place.optional(),
  card: Card.optional(),
  media: Media.optional(),
  sticker: Media.optional(),
};
const target = Id.describe('The message that it is about, by the id under which this network knows it');

export const OpenEvent = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('message'),
      ...common,
      ...words,
      replyTo: Id.optional(),
      wants: z
        .array(z.enum(['delivered', 'read']))
        .max(2)
        .default(['delivered', 'read']),
      delayedSince: At.optional().describe('The original time of what comes late'),
    }),
    z.object({ kind: z.literal('edit'), ...common, ...words, target }),
    z.object({ kind: z.literal('recall'), ...common, target }),
    z.object({
      kind: z.literal('reaction'),
      ...common,
      target,
      emoji: z
        .array(z.string().min(1).max(64))
        .max(32)
        .describe('The full set of this person after the change'),
    }),
    z.object({ kind: z.literal('delivered'), ...common, target }),
    z.object({
      kind: z.literal('read'),
      ...common,
      target: target.describe('All up to this message is read'),
    }),
    z.object({ kind: z.literal('typing'), ...common, state: z.enum(['composing', 'paused', 'stopped']) }),
    z.object({
      kind: z.literal('presence'),
      ...common,
      state: Availability,
      text: z.string().max(500).optional(),
    }),
    z.object({
      kind: z.literal('contact'),
      ...common,
      state: z.enum(['request', 'accept', 'deny', 'remove']),
      text: z.string().max(500).optional(),
    }),
    z.object({
      kind: z.literal('failure'),
      ...common,
      target,
      code: z.enum(RESULT_CODES as [ResultCode, ...ResultCode[]]),
      text: z.string().max(2000).describe('For the person who wrote the message'),
    }),
  ])
  .meta({ id: 'OpenEvent' });
export type OpenEvent = z.infer<typeof OpenEvent>;

export const Batch = z
  .object({ events: z.array(z.unknown()).min(1).max(100) })
  .meta({ id: 'Batch', description: 'Up to 100 events, taken in order' });

const Ignored = z
  .array(z.string().max(300))
  .max(40)
  .optional()
  .describe('Of an accepted event: optional fields that could not be read and were left out');

export const Verdict = z
  .object({
    id: z.string().max(255),
    accepted: z.boolean(),
    code: z.string().max(3).optional(),
    detail: z.string().max(1000).optional(),
    again: z.boolean().optional().describe('true: send it again later under the same id'),
    ignored: Ignored,
  })
  .meta({ id: 'Verdict', description: 'accepted: it is stored for good' });
export type Verdict = z.infer<typeof Verdict>;

export const Lookup = z
  .object({ lookup: z.string().max(4000).describe('Native id of one of your people') })
  .meta({ id: 'Lookup', description: 'Does this person exist, and how is he called?' });

/** What the network says to an event or a lookup; an empty body is "taken". */
export const Answer = z
  .object({
    id: z.string().max(255).optional().describe("The network's own id of the message, if it gives one"),
    name: z.string().max(200).optional().describe('To a lookup: how the person is called'),
    code: z
      .enum(RESULT_CODES as [ResultCode, ...ResultCode[]])
      .optional()
      .describe('Refused, and why; 65, 91 and 96 are tried again'),
    detail: z.string().max(500).optional(),
  })
  .meta({ id: 'Answer' });
export type Answer = z.infer<typeof Answer>;

export const AnswerFrame = z.object({
  answer: z.int().nonnegative(),
  ...Answer.shape,
  again: z.boolean().optional().describe('Of the hub, true: send the event again later under the same id'),
  ignored: Ignored,
});

/** Over the WebSocket: every question carries a number, and its answer carries the same. */
export const SocketFrame = z
  .union([
    z.object({ n: z.int().nonnegative(), event: z.unknown() }),
    z.object({ n: z.int().nonnegative(), lookup: z.string().max(4000) }),
    AnswerFrame,
  ])
  .meta({ id: 'SocketFrame' });
export type SocketFrame = z.infer<typeof SocketFrame>;
