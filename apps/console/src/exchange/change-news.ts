/** Announcements to the networks that a change binds, and events for the webhooks of the exchange. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
import { recordEvent } from '../events/hub-events.repository.js';
import { subjectOf } from './change-subject.js';
import type { ChangeState } from './changes.js';
import type { ChangeRow } from './changes.repository.js';

const ENDS: Record<Exclude<ChangeState, 'proposed' | 'approved'>, string> = {
  applied: 'is in force',
  rejected: 'was rejected by an admin and will not take effect',
  declined: 'was declined and will not take effect',
  expired: 'expired before every network had confirmed it and will not take effect',
};

@Injectable()
export class ChangeNews {
  constructor(private readonly announcements: AnnouncementsRepository) {}

  /** A second admin has to approve it. */
  async proposed(manager: EntityManager, row: ChangeRow): Promise<void> {
    const subject = `change/${row.id}`;
    const words = `${named(row)} waits for the approval of another admin until ${row.expires_at.toISOString()}: ${row.reason}.`;
    await recordEvent(manager, {
      key: `proposed ${row.id}`,
      kind: 'change.waits',
      network: null,
      subject,
      words,
    });
  }

  async awaits(manager: EntityManager, row: ChangeRow, networks: readonly string[]): Promise<void> {
    for (const network of networks)
      await this.announcements.announce(manager, {
        network,
        kind: 'confirmation-needed',
        subject: `change/${row.id}`,
        words:
          `${named(row)} binds ${network} and was approved by two admins: ${row.reason}. It takes effect when every network ` +
          `that it binds has confirmed it, until ${row.expires_at.toISOString()}. Confirm it with POST ` +
          `/v1/changes/${row.id}/confirm, or end it with POST /v1/changes/${row.id}/decline.`,
      });
  }

  /** Announces the end of a change to every network that it binds. @param why reason of the end */
  async ended(manager: EntityManager, row: ChangeRow, state: keyof typeof ENDS, why: string): Promise<void> {
    for (const { network } of row.confirmations)
      await this.announcements.announce(manager, {
        network,
        kind: 'change',
        subject: `change/${row.id}`,
        words: `${named(row)} ${ENDS[state]}: ${why}.`,
      });
  }
}

function named({ body }: ChangeRow): string {
  return `The change ${body.kind} of ${subjectOf(body)}`;
}
