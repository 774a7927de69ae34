import { z } from 'zod';
import { Network } from '#protocol';

/** Subject of an announcement; a user interface can show each kind in its own way. */
export const ANNOUNCEMENT_KINDS = [
  'membership',
  'credentials',
  'key',
  'confirmation-needed',
  'change',
  'risk',
  'abuse-report',
  'dispute',
  'adjustment',
  'settlement',
] as const;
export type AnnouncementKind = (typeof ANNOUNCEMENT_KINDS)[number];

export const Announcement = z
  .object({
    id: z.uuid(),
    network: Network,
    kind: z.enum(ANNOUNCEMENT_KINDS),
    subject: z.string().max(200).describe('Subject as in the audit log: `<kind>/<id>`'),
    words: z.string().max(2000).describe('What happened, why, and what the operator can do'),
    at: z.iso.datetime(),
    readAt: z.iso.datetime().nullable().describe('Time at which a person of the network marked it as read'),
  })
  .meta({ id: 'Announcement' });
export type Announcement = z.infer<typeof Announcement>;
