/** Confirmations and differences in the REST API. */
import { z } from 'zod';
import { Network } from '#protocol';
import { Day } from '../http/dates.js';
import { freeText } from '../http/free-text.js';
import { PageQuery, pageSchema } from '../http/page.js';
import { Amount, decimalOf, SignedAmount } from './amount.js';
import type { ConfirmationRow, DifferenceRow } from './settlement.repository.js';

export const BusinessDate = Day.describe('The business day, as 2026-03-01');

export const NewDifference = z
  .strictObject({
    amount: SignedAmount.describe('Correct position minus the position in the statement, yuan'),
    text: freeText(4000),
  })
  .meta({
    id: 'NewDifference',
    examples: [{ amount: '12.5', text: '250 messages to matrix are billed that we have no record of.' }],
  });
export type NewDifference = z.infer<typeof NewDifference>;

export const Resolution = z
  .strictObject({
    reason: freeText(4000),
    adjustment: z
      .strictObject({
        from: Network.describe('Party that pays'),
        to: Network.describe('Party that receives the amount'),
        amount: Amount,
      })
      .optional()
      .describe('Adjusting entry for the next close; the member must be one of its sides'),
  })
  .meta({
    id: 'DifferenceResolution',
    examples: [
      { reason: 'The statement is right: see the detail records.' },
      {
        reason: '250 messages were billed twice.',
        adjustment: { from: 'matrix', to: 'xmpp', amount: '12.5' },
      },
    ],
  });
export type Resolution = z.infer<typeof Resolution>;

export const ConfirmationView = z
  .object({
    date: z.string().max(40),
    network: z.string().max(40),
    position: z.string().max(100).describe('The position that was confirmed, in yuan'),
    at: z.string().max(40),
  })
  .meta({ id: 'Confirmation' });
export type ConfirmationView = z.infer<typeof ConfirmationView>;

export const DifferenceView = z
  .object({
    id: z.uuid(),
    date: z.string().max(40),
    network: z.string().max(40),
    amount: z.string().max(100),
    text: z.string().max(4000),
    state: z.enum(['open', 'resolved']),
    resolution: z.string().max(4000).nullable(),
    adjustment: z.uuid().nullable().describe('The adjusting entry, if there is one'),
    raisedAt: z.string().max(40),
    resolvedAt: z.string().max(40).nullable(),
    version: z.int(),
  })
  .meta({ id: 'Difference' });
export type DifferenceView = z.infer<typeof DifferenceView>;

export const ConfirmationPage = pageSchema('ConfirmationPage', ConfirmationView);
export const DifferencePage = pageSchema('DifferencePage', DifferenceView);
export const ConfirmationQuery = PageQuery;
export const DifferenceQuery = PageQuery.extend({ state: z.enum(['open', 'resolved']).optional() });
export type DifferenceQuery = z.infer<typeof DifferenceQuery>;

export function confirmationView({ date, network, position, at }: ConfirmationRow): ConfirmationView {
  return { date, network, position: decimalOf(BigInt(position)), at: at.toISOString() };
}

export function differenceView(row: DifferenceRow): DifferenceView {
  return {
    id: row.id,
    date: row.date,
    network: row.network,
    amount: decimalOf(BigInt(row.amount)),
    text: row.text,
    state: row.resolved_at ? 'resolved' : 'open',
    resolution: row.resolution,
    adjustment: row.adjustment,
    raisedAt: row.raised_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    version: row.version,
  };
}
