/** Events: CloudEvents 1.0 in structured JSON mode, one schema for each kind of event. */
import { z } from 'zod';
import { Address } from './address.js';
import { CallAction, CallMedia, SessionDescription } from './calls.js';
import { Content, MediaFailure } from './content.js';
import { ConversationId, EventId } from './ids.js';
import { Avatar, MediaUrl } from './attachments.js';
import { NetworkPath } from './network-path.js';
import { ResultCode } from './results.js';

export const Timestamp = z.iso.datetime({ offset: true }).max(40).describe('RFC 3339');

export const Party = z
  .object({
    address: Address,
    displayName: z
      .string()
      .max(200)
      .optional()
      .describe('Absent: unknown; a name that was received before stays'),
    avatar: Avatar.nullable()
      .optional()
      .describe('Absent: unknown; an avatar that was received before stays. null: the person has no avatar'),
  })
  .meta({
    id: 'Party',
    description: 'A subscriber. Only the address identifies the person, never the display name',
  });
export type Party = z.infer<typeof Party>;

/** For outcomes and ephemeral events, which identify the person but do not need the avatar. */
export function withoutAvatar({ avatar: _avatar, ...party }: Party): Party {
  return party;
}

export const NativeRef = z
  .object({ id: z.string().max(4000), conversation: z.string().max(4000).optional() })
  .meta({ id: 'NativeRef', description: 'Native id of a message, unchanged, for traces and references' });
export type NativeRef = z.infer<typeof NativeRef>;

export const Degradation = z
  .object({
    feature: z.string().max(100),
    level: z.union([z.literal(-2), z.literal(-1), z.literal(0), z.literal(1)]),
    rule: z.string().max(500).describe('What the destination got instead'),
    by: z.string().max(200).describe('Component that degraded the message'),
    code: MediaFailure.optional().describe('Why an attachment is missing; the sender is notified'),
  })
  .meta({
    id: 'Degradation',
    description: 'A feature that the destination cannot show, and what it got instead',
  });
export type Degradation = z.infer<typeof Degradation>;

/** How the switch found the address behind a telephone number or another name of a network. */
export const RESOLVED_BY = ['ported', 'preferred', 'own', 'rcs', 'sms', 'voice', 'domain'] as const;
export type ResolvedBy = (typeof RESOLVED_BY)[number];

const between = { from: Party, to: Address };

const MessageData = z.object({
  ...between,
  sentAt: Timestamp,
  content: Content,
  requestStatus: z
    .array(z.enum(['delivered', 'read']))
    .max(2)
    .optional(),
  native: NativeRef.optional(),
  degradations: z.array(Degradation).max(64).optional(),
});

/** Whose word a receipt or an outcome is. */
export const Basis = z.enum(['user-device', 'network', 'operator-word']).meta({
  id: 'Basis',
  description:
    'Whose word it is: user-device: the device of the recipient has reported it; network: the servers of their network know it; operator-word: the operator states it, and nothing in the protocol proves it (delivery reports of SMS)',
});
export type Basis = z.infer<typeof Basis>;

const ReceiptData = z.object({
  ...between,
  status: z.enum(['delivered', 'read']),
  messages: z.array(EventId).min(1).max(1000),
  upTo: z.boolean().describe('true: all messages up to the last one listed have this status'),
  basis: Basis,
  at: Timestamp,
});

const ReportData = z.object({
  ...between,
  message: EventId.describe('The message that the report is about, or the event that failed'),
  code: ResultCode,
  detail: z.string().max(1000).optional(),
  at: Timestamp,
});

const TypingData = z.object({
  ...between,
  state: z.enum(['composing', 'paused', 'stopped']),
  ttlMs: z.int().positive().describe('Time after which the state is out of date, ms'),
});

export const Availability = z.enum(['available', 'away', 'xa', 'dnd', 'offline', 'unknown']);
export type Availability = z.infer<typeof Availability>;

const PresenceData = z.object({
  ...between,
  availability: Availability,
  statusText: z.string().max(500).optional(),
  probe: z.boolean().optional().describe('true: the event asks for the presence of `to`'),
});

const ContactData = z.object({
  ...between,
  action: z.enum(['request', 'accept', 'deny', 'remove']),
  note: z.string().max(500).optional(),
});

const GroupData = z.object({
  ...between,
  action: z.enum(['create', 'rename', 'join', 'leave', 'kick']),
  members: z.array(Address).max(1000).optional(),
  title: z.string().max(200).optional(),
});

/** Maximum length of a notice, in characters. */
const MOST_WORDS = 4000;

const NoticeData = z.object({
  ...between,
  text: z.object({ en: z.string().max(MOST_WORDS), zh: z.string().max(MOST_WORDS) }),
  code: ResultCode.optional(),
});

const CallData = z.object({
  ...between,
  action: CallAction,
  call: EventId.optional().describe('Id of the invitation. Absent: the event is the invitation'),
  media: CallMedia,
  session: SessionDescription.optional(),
});

function event<Kind extends string, Data extends z.ZodType>(kind: Kind, data: Data) {
  return z
    .object({
      specversion: z.literal('1.0'),
      id: EventId,
      source: z
        .string()
        .regex(/^\/network\/[a-z][a-z0-9-]{0,30}$/)
        .describe('/network/<slug>'),
      type: z.literal(`im.hutong.${kind}.v1`),
      time: Timestamp,
      subject: ConversationId,
      datacontenttype: z.literal('application/json'),
      path: NetworkPath,
      expirytime: Timestamp.optional(),
      resolvedby: z
        .enum(RESOLVED_BY)
        .optional()
        .describe('Set by the switch if the sender used a telephone number or another name of the network'),
      standin: z
        .literal('when-window-opens')
        .optional()
        .describe(
          'Set by the switch if the stand-in settings of the destination say so: while the reply window of the recipient is closed or used up, its adapter keeps the message, at most until `expirytime`',
        ),
      data,
    })
    .meta({ id: `${kind[0]?.toUpperCase()}${kind.slice(1)}Event` });
}

export const EVENT_SCHEMAS = {
  message: event('message', MessageData),
  receipt: event('receipt', ReceiptData),
  report: event('report', ReportData),
  typing: event('typing', TypingData),
  presence: event('presence', PresenceData),
  contact: event('contact', ContactData),
  group: event('group', GroupData),
  notice: event('notice', NoticeData),
  call: event('call', CallData),
};

export type EventKind = keyof typeof EVENT_SCHEMAS;
export type EventOf<Kind extends EventKind> = z.infer<(typeof EVENT_SCHEMAS)[Kind]>;
export type MessageEvent = EventOf<'message'>;
export type ReceiptEvent = EventOf<'receipt'>;
export type ReportEvent = EventOf<'report'>;
export type TypingEvent = EventOf<'typing'>;
export type PresenceEvent = EventOf<'presence'>;
export type ContactEvent = EventOf<'contact'>;
export type NoticeEvent = EventOf<'notice'>;
export type CallEvent = EventOf<'call'>;

export const HubEvent = z.discriminatedUnion('type', [
  EVENT_SCHEMAS.message,
  EVENT_SCHEMAS.receipt,
  EVENT_SCHEMAS.report,
  EVENT_SCHEMAS.typing,
  EVENT_SCHEMAS.presence,
  EVENT_SCHEMAS.contact,
  EVENT_SCHEMAS.group,
  EVENT_SCHEMAS.notice,
  EVENT_SCHEMAS.call,
]);
export type HubEvent = z.infer<typeof HubEvent>;

/** Sent with core NATS and never stored: a lost one does no harm, a late one would be wrong. */
export type EphemeralEvent = TypingEvent | PresenceEvent;
export type DurableEvent = Exclude<HubEvent, EphemeralEvent>;

export function kindOf(hubEvent: HubEvent): EventKind {
  return hubEvent.type.split('.')[2] as EventKind;
}

export function isEphemeral(hubEvent: HubEvent): hubEvent is EphemeralEvent {
  return hubEvent.type === 'im.hutong.typing.v1' || hubEvent.type === 'im.hutong.presence.v1';
}

export const OUTCOME_STAGES = ['stored', 'submitted', 'delivered', 'read', 'failed', 'unknown'] as const;
export const OutcomeStage = z
  .enum(OUTCOME_STAGES)
  .describe(
    'stored (code 08): the switch keeps the event for an offline network, or the adapter keeps it until the reply window of the recipient opens; submitted: the destination network has it and reports later what became of it; delivered, read, failed: as it says; unknown (code 103): the network reported nothing within its time limit. An outcome only moves forward: stored, submitted, delivered, read; failed or unknown in place of a later stage',
  );
export type OutcomeStage = z.infer<typeof OutcomeStage>;

/** Longest native id in an outcome, characters. */
export const NATIVE_ID_LENGTH = 4000;

/** What happened to one event, published by the adapter of its destination or by the switch on `hub.report.<network>`. */
export const Outcome = z
  .object({
    event: EventId,
    conversation: ConversationId,
    kind: z.enum(Object.keys(EVENT_SCHEMAS) as [EventKind, ...EventKind[]]),
    by: z.enum(['switch', 'adapter']).describe('Component that reports'),
    ofCall: EventId.optional().describe(
      'Of what becomes of a call: the id of its invitation. Its failure is not reported to anybody',
    ),
    stage: OutcomeStage,
    basis: Basis.optional().describe('Whose word it is. Absent: network'),
    code: ResultCode,
    detail: z.string().max(1000).optional(),
    from: Party,
    to: Address,
    native: z.array(z.string().max(NATIVE_ID_LENGTH)).max(64).optional(),
    nativeConversation: z
      .string()
      .max(NATIVE_ID_LENGTH)
      .optional()
      .describe(
        'Native conversation (room, chat) of the native messages, where the network needs it to find them again',
      ),
    requestDelivered: z.boolean().optional().describe('The sender asks for a receipt "delivered"'),
    requestRead: z.boolean().optional().describe('The sender asks for a receipt "read"'),
    attempt: z.int().positive().optional(),
    degradations: z.array(Degradation).max(64).optional(),
    keeps: z
      .array(MediaUrl)
      .max(64)
      .optional()
      .describe('Attachments that the destination network downloads later, so that they are not deleted yet'),
    at: Timestamp,
  })
  .meta({
    id: 'Outcome',
    description:
      'What happened to one event at its destination. A network that answers twice has several outcomes for one event, each of a later stage than the one before',
  });
export type Outcome = z.infer<typeof Outcome>;

/** For the outcome of an event. */
export function ofCall(hubEvent: HubEvent): { ofCall?: EventId } {
  const call = hubEvent.type === 'im.hutong.call.v1' ? hubEvent.data.call : undefined;
  return call === undefined ? {} : { ofCall: call };
}
