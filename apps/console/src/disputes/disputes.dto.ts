/** Disputes in the REST API. */
import { z } from 'zod';
import { Network } from '#protocol';
import { PageQuery, pageSchema } from '../http/page.js';
import { freeText } from '../http/free-text.js';
import { Amount, decimalOf } from '../settlement/amount.js';
import type { DisputeRow, StepRow } from './disputes.repository.js';
import { DAYS_TO_OPEN, KINDS, MOST_OPEN, SCHEDULE } from './dispute-kinds.js';
import { ACTIONS, allowed, GROUNDS, REMINDER_DAYS, REVIEW_DAYS, SIDES, STATES } from './lifecycle.js';

const text = freeText(4000).describe(
  'Text for the other side and the admins; must not quote messages of people',
);
export const Statement = z
  .strictObject({ text })
  .meta({ id: 'DisputeStatement', examples: [{ text: 'Please show the receipt for this message.' }] });
export const Evidence = z
  .strictObject({
    text,
    envelopeHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'a SHA-256 in 64 small hex digits')
      .describe('SHA-256 of the event'),
  })
  .meta({
    id: 'DisputeEvidence',
    examples: [
      {
        text: 'Delivered at 10:02; the receipt came at 10:03.',
        envelopeHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      },
    ],
  });
export type Evidence = z.infer<typeof Evidence>;
export const Ruling = z
  .strictObject({ for: z.enum(SIDES), text })
  .meta({ id: 'DisputeRuling', examples: [{ for: 'claimant', text: 'The receipt is of another message.' }] });
export type Ruling = z.infer<typeof Ruling>;
export const Review = z
  .strictObject({
    decision: z
      .enum(['confirm', 'overturn'])
      .describe(
        'confirm: the default ruling takes effect; overturn: the dispute returns to the state in which the deadline passed, with a new deadline',
      ),
    text,
  })
  .meta({
    id: 'DefaultReview',
    examples: [{ decision: 'overturn', text: 'The console of the respondent was down for four days.' }],
  });
export type Review = z.infer<typeof Review>;
export const NewDispute = z
  .strictObject({
    reference: freeText(200).describe('Reference of the detail record'),
    toNetwork: Network.describe('Receiving network of the detail record'),
    kind: z.enum(KINDS),
    amount: Amount.describe('Amount in yuan; at most the price of the record plus the fee of the kind'),
    evidence: Evidence,
  })
  .meta({
    id: 'NewDispute',
    examples: [
      {
        reference: 'kq3vXb2n4Zt0',
        toNetwork: 'matrix',
        kind: 'not_delivered',
        amount: '0.05',
        evidence: {
          text: 'No receipt came, and the recipient has nothing.',
          envelopeHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        },
      },
    ],
  });
export type NewDispute = z.infer<typeof NewDispute>;

export const DisputeView = z
  .object({
    id: z.uuid(),
    reference: z.string().max(4000),
    toNetwork: z.string().max(40),
    kind: z.enum(KINDS),
    claimant: z.string().max(40).describe('Network that opened the dispute'),
    respondent: z.string().max(40),
    amount: z.string().max(100).describe('Amount in yuan'),
    state: z.enum(STATES),
    deadline: z
      .string()
      .max(40)
      .nullable()
      .describe('Deadline of the next step; after it a reminder, a default ruling or the end follows'),
    reminded: z
      .boolean()
      .describe('true: the first deadline has passed; when this one passes, a default ruling follows'),
    ruling: z
      .enum(SIDES)
      .nullable()
      .describe('The side that the ruling favours, or that a default ruling would favour'),
    lapsed: z
      .enum(STATES)
      .nullable()
      .describe('During the review of a default ruling: the state in which the deadline passed'),
    outcome: z.enum(SIDES).nullable().describe('The side that won'),
    ground: z.enum(GROUNDS).nullable().describe('Why the dispute ended'),
    allowed: z
      .array(z.object({ action: z.enum(ACTIONS), by: z.enum([...SIDES, 'admin']) }))
      .max(32)
      .describe('Steps that are possible now, each with the side that may take it'),
    openedAt: z.string().max(40),
    version: z.int(),
  })
  .meta({ id: 'Dispute' });
export const DisputeDetail = DisputeView.extend({
  history: z
    .array(
      z.object({
        at: z.string().max(40),
        by: z.string().max(300).describe('A network, `admin`, or `hub` for steps after a missed deadline'),
        action: z.string().max(100),
        state: z.enum(STATES).describe('State after the step'),
        text: z.string().max(4000),
        envelopeHash: z.string().max(100).nullable(),
      }),
    )
    .max(1000),
}).meta({ id: 'DisputeDetail' });
export type DisputeDetail = z.infer<typeof DisputeDetail>;
export const Schedule = z
  .object({
    openAtMost: z.int().describe('Maximum number of open disputes of one member as claimant'),
    daysToOpen: z.int().describe('Days after its outcome in which a message can be disputed'),
    reminderDays: z.int().describe('Days by which a reminder extends a deadline'),
    reviewDays: z.int().describe('Days in which admins can review a default ruling'),
    kinds: z
      .array(
        z.object({
          kind: z.enum(KINDS),
          claim: z.string().max(200),
          fee: z
            .string()
            .max(100)
            .describe('Amount that can be claimed on top of the price of the record, yuan'),
          afterConfirmation: z
            .boolean()
            .describe('true: can be claimed after the claimant has confirmed the business day of the record'),
        }),
      )
      .max(KINDS.length),
  })
  .meta({ id: 'DisputeSchedule' });
export function scheduleView(): z.infer<typeof Schedule> {
  return {
    openAtMost: MOST_OPEN,
    daysToOpen: DAYS_TO_OPEN,
    reminderDays: REMINDER_DAYS,
    reviewDays: REVIEW_DAYS,
    kinds: KINDS.map((kind) => ({ kind, ...SCHEDULE[kind] })),
  };
}
export const DisputePage = pageSchema('DisputePage', DisputeView);
export const DisputeQuery = PageQuery.extend({
  state: z.enum(STATES).optional(),
  network: Network.optional().describe('Only disputes with this network as claimant or respondent'),
});
export type DisputeQuery = z.infer<typeof DisputeQuery>;

export function viewOf(row: DisputeRow): z.infer<typeof DisputeView> {
  return {
    id: row.id,
    reference: row.reference,
    toNetwork: row.to_network,
    kind: row.kind,
    claimant: row.claimant,
    respondent: row.respondent,
    amount: decimalOf(BigInt(row.amount)),
    state: row.state,
    deadline: row.deadline?.toISOString() ?? null,
    reminded: row.reminded,
    ruling: row.ruling,
    lapsed: row.lapsed,
    outcome: row.outcome,
    ground: row.ground,
    allowed: allowed(row),
    openedAt: row.opened_at.toISOString(),
    version: row.version,
  };
}

export function detailOf(row: DisputeRow, steps: StepRow[]): DisputeDetail {
  const history = steps.map(({ at, side, action, state, text, envelope_hash }) => ({
    at: at.toISOString(),
    by: side === 'claimant' || side === 'respondent' ? row[side] : side,
    action,
    state,
    text,
    envelopeHash: envelope_hash,
  }));
  return { ...viewOf(row), history };
}
