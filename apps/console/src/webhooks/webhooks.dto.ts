/** Webhooks in the REST API. */
import { z } from 'zod';
import { EVENT_KINDS, TEST_KIND } from '../events/event-kinds.js';
import { Reason } from '../http/free-text.js';
import { pageSchema, PageQuery } from '../http/page.js';
import { DELIVERY_STATES, type DeliveryRow } from './deliveries.repository.js';
import type { WebhookRow } from './webhooks.repository.js';

/** Maximum number of webhooks of one network, and of the exchange. */
export const MOST_WEBHOOKS = 10;

const Kinds = z
  .array(z.enum(EVENT_KINDS))
  .min(1)
  .max(EVENT_KINDS.length)
  .refine((kinds) => new Set(kinds).size === kinds.length, 'a kind is named once')
  .describe('Kinds of events that are sent (docs/webhooks.md)');
const Terms = {
  url: z
    .string()
    .min(1)
    .max(500)
    .describe(
      'Address that gets a POST for each event: https, with a public IP address. Redirects are not followed',
    ),
  kinds: Kinds,
  note: z.string().trim().max(200).default('').describe('Purpose of the webhook, for people'),
};

export const NewWebhook = z.object({ ...Terms, reason: Reason }).meta({ id: 'NewWebhook' });
export type NewWebhook = z.infer<typeof NewWebhook>;
export const WebhookChange = z
  .object({
    ...Terms,
    enabled: z.boolean().describe('false: further events are not sent, and waiting deliveries are kept'),
    reason: Reason,
  })
  .meta({ id: 'WebhookChange' });
export type WebhookChange = z.infer<typeof WebhookChange>;

export const WebhookView = z
  .object({
    id: z.uuid(),
    network: z
      .string()
      .max(40)
      .nullable()
      .describe('Network whose events are sent; null: those of the whole exchange'),
    url: z.string().max(500),
    kinds: z.array(z.enum(EVENT_KINDS)).max(EVENT_KINDS.length),
    note: z.string().max(400),
    enabled: z.boolean(),
    createdAt: z.iso.datetime(),
    failingSince: z.iso.datetime().nullable().describe('First failed attempt since the last delivery'),
    disabledAt: z.iso
      .datetime()
      .nullable()
      .describe('When the hub disabled it because it failed for days; enable it once the receiver works'),
    formerSecretUntil: z.iso
      .datetime()
      .nullable()
      .describe('Until when deliveries are also signed with the former secret'),
    waiting: z.int().nonnegative().describe('Number of deliveries that wait for their next attempt'),
  })
  .meta({ id: 'Webhook' });
export type WebhookView = z.infer<typeof WebhookView>;

export const WebhookCreated = WebhookView.extend({
  secret: z.string().max(100).describe('Key of the signatures, shown once'),
}).meta({ id: 'WebhookCreated' });
export type WebhookCreated = z.infer<typeof WebhookCreated>;

export const SecretRotation = z
  .object({
    hours: z
      .int()
      .min(0)
      .max(168)
      .default(24)
      .describe('Hours in which deliveries are signed with the former secret as well; 0: not at all'),
    reason: Reason,
  })
  .meta({ id: 'SecretRotation', examples: [{ hours: 24, reason: 'the yearly rotation' }] });
export type SecretRotation = z.infer<typeof SecretRotation>;

export const DeliveryView = z
  .object({
    id: z.uuid(),
    event: z.uuid().describe('Id of the event, which the receiver gets as `webhook-id`'),
    kind: z.enum([...EVENT_KINDS, TEST_KIND]),
    subject: z.string().max(400).describe('Subject of the event, as in the audit log'),
    state: z.enum(DELIVERY_STATES),
    attempts: z.int().nonnegative(),
    createdAt: z.iso.datetime(),
    lastAt: z.iso.datetime().nullable().describe('Time of the last attempt'),
    nextAt: z.iso.datetime().nullable().describe('Time of the next attempt'),
    status: z.int().nullable().describe('HTTP status of the last answer; null: none came'),
    error: z.string().max(500).nullable().describe('Why the last attempt failed'),
  })
  .meta({ id: 'WebhookDelivery' });
export type DeliveryView = z.infer<typeof DeliveryView>;
export const DeliveryPage = pageSchema('WebhookDeliveryPage', DeliveryView);
export const DeliveryQuery = PageQuery.extend({
  state: z.enum(DELIVERY_STATES).optional().describe('Only deliveries in this state'),
});

export function webhookView(row: WebhookRow): WebhookView {
  const { id, network, url, kinds, note, enabled, waiting } = row;
  return {
    id,
    network,
    url,
    kinds,
    note,
    enabled,
    createdAt: row.created_at.toISOString(),
    failingSince: row.failing_since?.toISOString() ?? null,
    disabledAt: row.disabled_at?.toISOString() ?? null,
    formerSecretUntil: row.former_until?.toISOString() ?? null,
    waiting,
  };
}

export function deliveryView(row: DeliveryRow): DeliveryView {
  const { id, kind, subject, state, attempts, status, error } = row;
  return {
    id,
    event: row.event_id,
    kind,
    subject,
    state,
    attempts,
    createdAt: row.created_at.toISOString(),
    lastAt: row.last_at?.toISOString() ?? null,
    nextAt: state === 'waiting' ? row.next_at.toISOString() : null,
    status,
    error,
  };
}
