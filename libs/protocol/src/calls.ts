/**
 * Calls (design §13). A call crosses as events of kind `call`: the invitation, what becomes of it, and its end. Networks that
 * carry session descriptions (SIP) exchange them in these events. For people of all other networks the media gateway takes part
 * in the call: they get a join link to its call page, and the gateway makes the session descriptions.
 *
 * An adapter sends its commands to the gateway as `hub.control.call.<network>`; the gateway reports what a person does on the
 * page as `hub.ask.call.<network>`. The switch passes both on. A page is known by network, call and side, so that no network can
 * touch a page of another one.
 */
import { z } from 'zod';
import { EventId } from './ids.js';

/** An invitation that nobody accepts ends after this time. */
export const RING_MS = 60_000;

export const CALL_ACTIONS = [
  'invite',
  'ringing',
  'accepted',
  'declined',
  'cancelled',
  'ended',
  'missed',
] as const;
export const CallAction = z
  .enum(CALL_ACTIONS)
  .describe(
    'invite, cancelled: from the caller; ringing, accepted, declined, missed (nobody answered, or the caller never came): from the callee; ended: from either. After declined, cancelled, ended and missed the call is over',
  );
export type CallAction = z.infer<typeof CallAction>;

export const CallMedia = z.enum(['voice', 'video']);
export type CallMedia = z.infer<typeof CallMedia>;

export const SessionDescription = z
  .string()
  .max(16_000)
  .regex(/^v=0\r?\n/, 'not a session description')
  .meta({
    id: 'SessionDescription',
    description: 'SDP (RFC 8866) with plain RTP: the offer in `invite`, the answer in `accepted`',
  });
export type SessionDescription = z.infer<typeof SessionDescription>;

export const CallSide = z.enum(['caller', 'callee']).meta({ id: 'CallSide' });
export type CallSide = z.infer<typeof CallSide>;

const OpenPage = z.object({
  do: z.literal('open'),
  call: EventId,
  side: CallSide.describe('Whether the person who gets the page calls or is called'),
  media: CallMedia,
  peer: z.string().max(200).describe('Name of the other person, shown on the page'),
  language: z.enum(['en', 'zh']),
  offer: SessionDescription.optional().describe('Session description of the caller; only for the callee'),
});

const TellPage = z.object({
  do: z.literal('tell'),
  call: EventId,
  side: CallSide.describe('Side of the person whose page it is'),
  action: CallAction.exclude(['invite']).describe('What the other person did'),
  session: SessionDescription.optional().describe('With `accepted`: the answer of the callee'),
});

export const CallCommand = z.discriminatedUnion('do', [OpenPage, TellPage]).meta({
  id: 'CallCommand',
  description: 'From an adapter to the media gateway: open a call page for a person, or tell an open one',
});
export type CallCommand = z.infer<typeof CallCommand>;

export const CallCommandAnswer = z
  .object({
    code: z.literal('00'),
    url: z
      .string()
      .max(2000)
      .optional()
      .describe('Of `open`: the join link. Absent: this hub has no call page'),
  })
  .meta({ id: 'CallCommandAnswer' });
export type CallCommandAnswer = z.infer<typeof CallCommandAnswer>;

export const CallSignal = z
  .object({
    call: EventId,
    side: CallSide,
    action: z
      .enum(['invite', 'accepted', 'declined', 'cancelled', 'ended', 'missed'])
      .describe(
        'invite: the caller is on the page, `session` is the offer; accepted: the callee is on the page, `session` is the answer; missed: nobody opened the page in time',
      ),
    session: SessionDescription.optional(),
  })
  .meta({
    id: 'CallSignal',
    description: 'From the media gateway to an adapter: what its person did on the page',
  });
export type CallSignal = z.infer<typeof CallSignal>;

export const CallSignalAnswer = z.object({ code: z.literal('00') }).meta({ id: 'CallSignalAnswer' });
export type CallSignalAnswer = z.infer<typeof CallSignalAnswer>;

/** Between the switch and the media gateway: a command with the network that it comes from, and a signal with the one it goes to. */
export const GatewayCommand = z.object({ network: z.string().max(40), command: CallCommand });
export const GatewaySignal = z.object({ network: z.string().max(40), signal: CallSignal });
