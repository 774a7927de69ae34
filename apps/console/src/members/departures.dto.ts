/** Departures in the REST API. */
import { z } from 'zod';
import { At } from '../http/dates.js';
import { freeText, Reason } from '../http/free-text.js';

export const Leaving = z
  .object({
    at: At.describe(
      'Date of the departure, at least the notice period away. From then on messages from and to the network fail with code 15',
    ),
    notice: freeText(1000)
      .optional()
      .describe(
        'Text in the notice to everybody who exchanged messages with the network in the last 30 days, after an admin has approved it',
      ),
    reason: Reason,
  })
  .meta({
    id: 'Leaving',
    examples: [
      {
        at: '2013-07-10T00:00:00+08:00',
        notice: 'Feiliao and Fetion can no longer write to each other from then on.',
        reason: 'contract ends',
      },
    ],
  });
export type Leaving = z.infer<typeof Leaving>;

export const EarlyLeaving = z.object({ at: Leaving.shape.at, reason: Reason }).meta({
  id: 'EarlyLeaving',
  examples: [{ at: '2026-12-08T00:00:00+08:00', reason: 'it asked to go early' }],
});

export const NOTICE_STATES = ['default', 'pending', 'approved', 'rejected'] as const;
export const DepartureView = z
  .object({
    network: z.string().max(100),
    at: z.string().max(40),
    notice: z.string().max(1000).nullable(),
    noticeState: z
      .enum(NOTICE_STATES)
      .describe(
        'default: the network gave no text. pending: no admin has decided yet, no notices are sent. rejected: notices contain the date only',
      ),
    announcedAt: z.string().max(40),
  })
  .meta({ id: 'Departure' });
export type DepartureView = z.infer<typeof DepartureView>;
