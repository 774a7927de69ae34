/** Preview of a change: what it would have done to the traffic of the last 24 hours. */
import { z } from 'zod';
import { TRAFFIC_CLASSES } from '#protocol';
import { ExchangeChange, MembershipChange } from './changes.js';

export const PreviewableChange = z
  .discriminatedUnion('kind', [...ExchangeChange.options, ...MembershipChange.options])
  .meta({ id: 'PreviewableChange' });
export type PreviewableChange = z.infer<typeof PreviewableChange>;

export const PreviewRequest = z.object({ change: PreviewableChange }).meta({ id: 'PreviewRequest' });

const Fees = z
  .object({
    termination: z.string().max(40).describe('To the networks of the receivers, yuan'),
    switch: z.string().max(40).describe('To the hub, yuan'),
  })
  .meta({ id: 'PreviewFees' });

const TRAFFIC = {
  from: z.string().max(40),
  to: z.string().max(40),
  class: z.enum(TRAFFIC_CLASSES),
  messages: z.int(),
  units: z.string().max(40).describe('In the unit of the class'),
};

export const StoppedTraffic = z
  .object({
    ...TRAFFIC,
    senders: z.int(),
    fees: Fees.describe('What this traffic costs by the tariffs in force'),
    stopsAt: z.string().max(40).describe('Time from which the change stops it'),
    why: z.string().max(4000),
  })
  .meta({ id: 'StoppedTraffic' });
export type StoppedTraffic = z.infer<typeof StoppedTraffic>;

export const RepricedTraffic = z
  .object({ ...TRAFFIC, before: Fees, after: Fees })
  .meta({ id: 'RepricedTraffic' });
export type RepricedTraffic = z.infer<typeof RepricedTraffic>;

export const ReroutedTraffic = z
  .object({
    ...TRAFFIC,
    senders: z.int(),
    newTo: z.string().max(40).describe('Network to which the change leads it'),
    newClass: z.enum(TRAFFIC_CLASSES).describe('Another one if it becomes an SMS, or was one'),
    newUnits: z.string().max(40),
    before: Fees,
    after: Fees,
  })
  .meta({ id: 'ReroutedTraffic' });

export const PREVIEW_NOTES = ['not-counted', 'upper-bound', 'bill-and-keep', 'routes'] as const;
export type PreviewNote = (typeof PREVIEW_NOTES)[number];

const MOST = 10_000;

export const ChangePreview = z
  .object({
    since: z.string().max(40),
    until: z.string().max(40),
    counted: z
      .int()
      .nullable()
      .describe(
        'Delivered messages of this time, among which the effect was looked for; null: they could not be counted in time, and the effect is unknown',
      ),
    stopped: z.array(StoppedTraffic).max(MOST).describe('Traffic that would have been refused, most first'),
    repriced: z
      .array(RepricedTraffic)
      .max(MOST)
      .describe('Traffic that would have cost another amount, most first'),
    rerouted: z
      .array(ReroutedTraffic)
      .max(MOST)
      .describe('Traffic that would have gone to another network, most first'),
    totals: z
      .object({
        messages: z.int().describe('Stopped messages'),
        rerouted: z.int().describe('Rerouted messages'),
        fees: Fees.describe('What the stopped messages cost'),
        before: Fees.describe('What the repriced or rerouted messages cost'),
        after: Fees.describe('What they would have cost'),
      })
      .meta({ id: 'PreviewTotals' })
      .describe('Sums over all rows, also over those that the lists leave out'),
    notes: z
      .array(z.enum(PREVIEW_NOTES))
      .max(PREVIEW_NOTES.length)
      .describe(
        'not-counted: too much traffic, the effect is unknown. upper-bound: limits count whole seconds and minutes, and every recipient as new. bill-and-keep: fees can be waived at the end of the day. routes: numbers and domains are those that senders named, from the trace; links and consent are those of now',
      ),
  })
  .meta({ id: 'ChangePreview' });
export type ChangePreview = z.infer<typeof ChangePreview>;

export function boundedRows<Row extends { messages: number }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((one, other) => other.messages - one.messages).slice(0, MOST);
}
