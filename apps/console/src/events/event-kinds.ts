/** Events of the hub to which webhooks subscribe. */
import type { AnnouncementKind } from '../announcements/announcement.dto.js';

export const EVENT_KINDS = [
  'network.unavailable',
  'network.available',
  'network.changed',
  'change.waits',
  'change.ended',
  'statement.ready',
  'settlement.changed',
  'adjustment.made',
  'dispute.moved',
  'dead-letter.stored',
  'certificate.expires',
  'credential.expires',
  'credentials.changed',
  'key.changed',
  'risk.changed',
  'abuse.reported',
] as const;
export type SubscribedKind = (typeof EVENT_KINDS)[number];

/** A test is sent to one webhook, whatever it subscribes to. */
export const TEST_KIND = 'webhook.test';
export type EventKind = SubscribedKind | typeof TEST_KIND;

/** Every announcement to a network is an event, too. */
export const KIND_OF_ANNOUNCEMENT = {
  membership: 'network.changed',
  credentials: 'credentials.changed',
  key: 'key.changed',
  'confirmation-needed': 'change.waits',
  change: 'change.ended',
  risk: 'risk.changed',
  'abuse-report': 'abuse.reported',
  dispute: 'dispute.moved',
  adjustment: 'adjustment.made',
  settlement: 'settlement.changed',
} as const satisfies Record<AnnouncementKind, SubscribedKind>;
