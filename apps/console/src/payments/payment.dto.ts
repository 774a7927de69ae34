/** Payments of positions in the REST API. */
import { z } from 'zod';
import { HUB, IntegratorParty } from '#clearing';
import { Network } from '#protocol';
import { Day } from '../http/dates.js';
import { freeText, Reason } from '../http/free-text.js';
import { PageQuery, pageSchema } from '../http/page.js';
import { decimalOf, SignedAmount } from '../settlement/amount.js';
import type { OpenPositionColumns, PaymentRow } from './payments.repository.js';

export const Party = z
  .union([z.literal(HUB), Network, IntegratorParty])
  .describe('A network, `hub`, or `integrator:<name>`');

export const PaymentTerms = z
  .strictObject({
    party: Party,
    amount: SignedAmount.describe(
      'Yuan, with the sign of the position: negative: the party has paid it, positive: it has received it. A correction of a payment has the other sign',
    ),
    paidOn: Day.describe('Day on which the bank booked it'),
    reference: freeText(140).describe('Reference of the bank'),
  })
  .meta({
    id: 'PaymentTerms',
    examples: [{ party: 'fetion', amount: '-31.25', paidOn: '2026-12-10', reference: 'ICBC 2026121000417' }],
  });
export type PaymentTerms = z.infer<typeof PaymentTerms>;

export const NewPayment = z.strictObject({ terms: PaymentTerms, reason: Reason }).meta({
  id: 'NewPayment',
  examples: [
    {
      terms: { party: 'fetion', amount: '-31.25', paidOn: '2026-12-10', reference: 'ICBC 2026121000417' },
      reason: 'on the account statement of 10 December',
    },
  ],
});
export type NewPayment = z.infer<typeof NewPayment>;

const PaymentView = z
  .object({
    id: z.uuid(),
    date: z.string().max(40).describe('Business day of the position'),
    party: z.string().max(100),
    amount: z.string().max(100).describe('Yuan; negative: the party has paid it'),
    paidOn: z.string().max(40),
    reference: z.string().max(140),
    reason: z.string().max(4000),
    recordedBy: z
      .string()
      .max(300)
      .nullable()
      .describe('Person who proposed it; null: it counted as paid before payments were recorded'),
    approvedBy: z.string().max(300).nullable(),
    recordedAt: z.string().max(40),
    statementDate: z.string().max(40).nullable().describe('Statement that has it; null: the next one'),
  })
  .meta({ id: 'Payment' });
export type PaymentView = z.infer<typeof PaymentView>;

const OpenPositionView = z
  .object({
    date: z.string().max(40),
    party: z.string().max(100),
    position: z.string().max(100).describe('Yuan; negative: the party pays it'),
    paid: z.string().max(100).describe('Yuan, with the sign of the position'),
    outstanding: z.string().max(100),
    dueOn: z.string().max(40).nullable(),
    overdue: z.boolean(),
  })
  .meta({ id: 'OpenPosition' });
export type OpenPositionView = z.infer<typeof OpenPositionView>;

export const PaymentPage = pageSchema('PaymentPage', PaymentView);
export const OpenPositionPage = pageSchema('OpenPositionPage', OpenPositionView);
const OfParty = {
  party: Party.optional().describe('Only of this party'),
  date: Day.optional().describe('Only of this business day'),
};
export const PaymentQuery = PageQuery.extend(OfParty);
export type PaymentQuery = z.infer<typeof PaymentQuery>;
export const OpenPositionQuery = PageQuery.extend({
  ...OfParty,
  overdue: z.enum(['true', 'false']).optional().describe('true: only what was due before today'),
});
export type OpenPositionQuery = z.infer<typeof OpenPositionQuery>;

export function paymentView(row: PaymentRow): PaymentView {
  return {
    id: row.id,
    date: row.date,
    party: row.party,
    amount: decimalOf(BigInt(row.amount)),
    paidOn: row.paid_on,
    reference: row.reference,
    reason: row.reason,
    recordedBy: row.recorder,
    approvedBy: row.approver,
    recordedAt: row.created_at.toISOString(),
    statementDate: row.statement_date,
  };
}

export function openPositionView(row: OpenPositionColumns): OpenPositionView {
  const [position, paid] = [BigInt(row.amount), BigInt(row.paid)];
  return {
    date: row.date,
    party: row.party,
    position: decimalOf(position),
    paid: decimalOf(paid),
    outstanding: decimalOf(position - paid),
    dueOn: row.due_on,
    overdue: row.overdue,
  };
}
