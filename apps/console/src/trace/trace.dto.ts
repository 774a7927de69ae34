/** The trace of a message in the REST API. */
import { z } from 'zod';
import { TRACE_STAGES } from '#database';
import { OUTCOME_STAGES } from '#protocol';

const Neighbour = z.string().max(4000).nullable();
const Decimal = z.string().max(40);

const MessagePrice = z
  .object({
    businessDay: z.iso
      .date()
      .nullable()
      .describe('Day to which the message belongs; null before it has ended'),
    class: z.string().max(40).nullable().describe('Class of traffic'),
    units: z.int().min(0).describe('Units that are charged'),
    amount: Decimal.nullable().describe(
      'Yuan, from the network of the sender to that of the recipient; null until the business day is closed',
    ),
    switchFee: Decimal.nullable().describe('Yuan, to the exchange; null until the business day is closed'),
    tariff: z.uuid().nullable().describe('Tariff that was applied'),
  })
  .meta({
    id: 'MessagePrice',
    examples: [
      {
        businessDay: '2026-12-01',
        class: 'text',
        units: 1,
        amount: '0.05',
        switchFee: '0.001',
        tariff: '0194f3a2-7c1e-7b60-9d53-2f8e4c6a1b90',
      },
    ],
  });
export type MessagePrice = z.infer<typeof MessagePrice>;

export const TraceView = z
  .object({
    id: z.string().max(4000),
    conversation: z.string().max(4000),
    from: z.string().max(20_000),
    to: z.string().max(20_000),
    state: z.enum(['on the way', ...OUTCOME_STAGES]),
    sentAt: z.iso
      .datetime()
      .nullable()
      .describe('Time at which it was sent, by the clock of the network of the sender; null: not recorded'),
    previous: Neighbour.describe('Id of the message before it in the conversation'),
    next: Neighbour.describe('Id of the message after it in the conversation'),
    price: MessagePrice.nullable().describe('null: nothing is charged, or the message has not ended'),
    checkpoints: z
      .array(
        z.object({
          stage: z.enum(TRACE_STAGES),
          kind: z.string().max(100),
          network: z.string().max(40),
          code: z.string().max(100),
          detail: z.string().max(4000).nullable(),
          at: z.string().max(40),
        }),
      )
      .max(10_000),
  })
  .meta({ id: 'Trace' });
export type TraceView = z.infer<typeof TraceView>;
