/**
 * Announcements to the operators of a network. Each is written in the transaction of the decision that it announces, so that no
 * decision about a member takes effect without it.
 */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { network } from '#protocol';
import { KIND_OF_ANNOUNCEMENT } from '../events/event-kinds.js';
import { recordEvent } from '../events/hub-events.repository.js';
import type { MomentKey } from '../http/page.js';
import type { Announcement, AnnouncementKind } from './announcement.dto.js';

export interface NewAnnouncement {
  network: string;
  kind: AnnouncementKind;
  /** Subject as in the audit log: `<kind>/<id>`. */
  subject: string;
  /** Text; cut after 2,000 characters. */
  words: string;
}

interface Columns {
  id: string;
  network: string;
  kind: AnnouncementKind;
  subject: string;
  words: string;
  at: Date;
  read_at: Date | null;
}

const MAX_WORDS = 2000;

@Injectable()
export class AnnouncementsRepository {
  constructor(private readonly database: DataSource) {}

  /** The announcement is an event for webhooks, too. Integrators are no networks: they have no announcements. */
  async announce(manager: EntityManager, { network, kind, subject, words }: NewAnnouncement): Promise<void> {
    const id = randomUUID();
    await manager.query(
      `INSERT INTO announcement (id, network, kind, subject, words, at)
       SELECT $1, slug, $3, $4, $5, date_trunc('milliseconds', now()) FROM network WHERE slug = $2`,
      [id, network, kind, subject, words.slice(0, MAX_WORDS)],
    );
    const key = `announcement ${id}`;
    await recordEvent(manager, { key, kind: KIND_OF_ANNOUNCEMENT[kind], network, subject, words });
  }

  /** Newest first. @param network null: all networks */
  async list(
    network: string | null,
    unread: boolean,
    before: MomentKey | undefined,
    limit: number,
  ): Promise<Columns[]> {
    const [at, id] = before ?? [null, null];
    return this.database.query<Columns[]>(
      `SELECT id, network, kind, subject, words, at, read_at FROM announcement
       WHERE ($1::text IS NULL OR network = $1) AND (NOT $2 OR read_at IS NULL)
         AND ($3::timestamptz IS NULL OR (at, id) < ($3, $4::uuid))
       ORDER BY at DESC, id DESC LIMIT $5`,
      [network, unread, at, id, limit],
    );
  }

  /** @returns undefined if the network has no such announcement */
  async markRead(network: string | null, id: string, reader: string): Promise<Columns | undefined> {
    const [rows] = await this.database.query<[Columns[], number]>(
      `UPDATE announcement SET read_at = coalesce(read_at, now()), read_by = coalesce(read_by, $3)
       WHERE id = $2 AND network = $1 RETURNING id, network, kind, subject, words, at, read_at`,
      [network, id, reader],
    );
    return rows[0];
  }
}

export function announcementView({ read_at: readAt, at, network: slug, ...row }: Columns): Announcement {
  return { ...row, network: network(slug), at: at.toISOString(), readAt: readAt?.toISOString() ?? null };
}
