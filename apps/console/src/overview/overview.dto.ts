/** The first page of the web console in the REST API. */
import { z } from 'zod';

export const RANGES = ['live', 'hour', 'day', 'week'] as const;
export type Range = (typeof RANGES)[number];

const Ms = z.int().nullable();
const Count = z.int().nonnegative();
const Problem = z.object({
  kind: z.enum([
    'network-unavailable',
    'network-suspended',
    'certificate-expires',
    'credential-expires',
    'dead-letters',
    'day-not-closed',
    'position-overdue',
    'webhook-disabled',
  ]),
  severity: z.enum(['critical', 'warning']),
  subject: z
    .string()
    .max(100)
    .describe(
      'Slug of the network, date of the business day, number of the statement, or host of the webhook',
    ),
  words: z.string().max(500).describe('What is wrong'),
  todo: z.string().max(500).describe('What to do'),
  at: z.iso.datetime().nullable().describe('Since when, or when it expires'),
});
export type OverviewProblem = z.infer<typeof Problem>;

export const OverviewView = z
  .object({
    at: z.iso.datetime().describe('Time of these figures'),
    perSecond: z.number().min(0).max(1e9).describe('Accepted messages in a second, over the last minute'),
    inFlight: Count.describe('Messages of the last five minutes without an outcome, among the newest 1,000'),
    waiting: Count.describe('Messages that are stored for a network that is not available, at most 10,000'),
    failed: Count.describe('Messages that failed in the range'),
    networks: Count.describe('Networks that take part'),
    unavailable: Count.describe('Networks of these that are unavailable or suspended'),
    deadLetters: Count.nullable().describe(
      'Messages that could not be processed; null: the bus is not connected',
    ),
    p50Ms: Ms.describe(
      'Median time from accepted to the first outcome, of the newest 1,000 messages in the range',
    ),
    p99Ms: Ms.describe('The same, for 99 of 100 messages'),
    failedByCode: z.array(z.object({ code: z.string().max(10), messages: Count })).max(100),
    businessDay: z.object({ date: z.iso.date(), state: z.enum(['open', 'closed']) }).nullable(),
    problems: z.array(Problem).max(200).describe('The worst first'),
    series: z.array(z.object({ at: z.iso.datetime(), messages: Count, failed: Count })).max(200),
  })
  .meta({ id: 'Overview' });
export type OverviewView = z.infer<typeof OverviewView>;
