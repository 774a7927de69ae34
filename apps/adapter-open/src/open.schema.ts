/**
 * The open interface on the wire: one shape of event in both directions. Towards the hub `from` is one of the network's
 * own people and `to` the address of a person on a remote network; towards the network it is the other way round.
 */
import { z } from 'zod';
import { Availability, Basis, RESULT_CODES, type ResultCode } from '#protocol';

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
      'Id from POST /open/v1/media, or for GET /open/v1/media/{id}. Absent: the content is missing',
    ),
    type: z.string().max(200).describe('Media type, such as image/jpeg'),
    name: z.string().max(255).optional(),
    size: z.int().nonnegative().optional(),
    seconds: z.number().nonnegative().max(1_000_000).optional(),
    width: z.int().positive().optional(),
    height: z.int().positive().optional(),
    voice: z.boolean().optional().describe('true: a voice note'),
    meaning: z.string().max(500).optional().describe('Meaning of a sticker'),
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
  .meta({ id: 'Uploaded', description: 'The stored attachment; its type is detected from the content' });
export type Uploaded = z.infer<typeof Uploaded>;

const common = {
  id: Id.describe('Unique in the network that makes it. An event with the same id is the same event'),
  from: z.object({
    id: z.string().min(1).max(4000),
    name: z.string().max(200).optional().describe('Display name. Absent: unchanged'),
    avatar: MediaId.nullable()
      .optional()
      .describe(
        'Absent: unchanged; null: the person has no avatar. In events from the hub: download the avatar when its id is new',
      ),
  }),
  to: z.string().min(1).max(20_000),
  at: At.optional().describe('Time of the event. Absent: now'),
};
const words = {
  text: Text.optional(),
  format: z.enum(['plain', 'markdown']).default('plain'),
  place: Place.optional(),
  card: Card.optional(),
  media: Media.optional(),
  sticker: Media.optional(),
};
const target = Id.describe('Id, in this network, of the message that the event is about');

/** Whose word the network's statements about a message are, unless it says otherwise. */
export const WORD = 'operator-word' satisfies Basis;
const ReceiptBasis = Basis.default(WORD);

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
      delayedSince: At.optional().describe('Time at which a late message was written'),
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
        .describe('All reactions of the person to the message after the change'),
    }),
    z.object({ kind: z.literal('delivered'), ...common, target, basis: ReceiptBasis }),
    z.object({
      kind: z.literal('read'),
      ...common,
      basis: ReceiptBasis,
      target: target.describe('The person has read all messages up to this one'),
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
      text: z.string().max(2000).describe('Text for the author of the message'),
    }),
  ])
  .meta({ id: 'OpenEvent' });
export type OpenEvent = z.infer<typeof OpenEvent>;

export const Batch = z
  .object({ events: z.array(z.unknown()).min(1).max(100) })
  .meta({ id: 'Batch', description: 'Up to 100 events, which are processed in order' });

const Ignored = z
  .array(z.string().max(300))
  .max(40)
  .optional()
  .describe('Optional fields of an accepted event that are invalid and were left out');

export const Verdict = z
  .object({
    id: z.string().max(255),
    accepted: z.boolean(),
    code: z.string().max(3).optional(),
    detail: z.string().max(1000).optional(),
    again: z.boolean().optional().describe('true: send the event again later, with the same id'),
    ignored: Ignored,
  })
  .meta({ id: 'Verdict', description: 'Result of one event. accepted: the event is stored on disk' });
export type Verdict = z.infer<typeof Verdict>;

export const Lookup = z
  .object({ lookup: z.string().max(4000).describe('Native id of one of your people') })
  .meta({ id: 'Lookup', description: 'Asks whether a person exists and what their name is' });

/** Answer of the network to an event or a lookup. An empty body accepts the event. */
export const Answer = z
  .object({
    id: z.string().max(255).optional().describe('Id that the network gives to the message, if any'),
    name: z.string().max(200).optional().describe('Answer to a lookup: display name of the person'),
    code: z
      .enum(RESULT_CODES as [ResultCode, ...ResultCode[]])
      .optional()
      .describe('Refuses the event with this result code. With 65, 91 and 96 the hub sends it again'),
    detail: z.string().max(500).optional(),
  })
  .meta({ id: 'Answer' });
export type Answer = z.infer<typeof Answer>;

export const AnswerFrame = z.object({
  answer: z.int().nonnegative(),
  ...Answer.shape,
  again: z
    .boolean()
    .optional()
    .describe('In answers of the hub, true: send the event again later, with the same id'),
  ignored: Ignored,
});

/** Frames of the WebSocket. Every request has a number, and its answer has the same number. */
export const SocketFrame = z
  .union([
    z.object({ n: z.int().nonnegative(), event: z.unknown() }),
    z.object({ n: z.int().nonnegative(), lookup: z.string().max(4000) }),
    AnswerFrame,
  ])
  .meta({ id: 'SocketFrame' });
export type SocketFrame = z.infer<typeof SocketFrame>;
