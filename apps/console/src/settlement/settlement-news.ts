/** Announces changes of money to every network concerned. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AnnouncementKind } from '../announcements/announcement.dto.js';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
import { networksAmong, partiesOfDay } from '../networks/network-slugs.repository.js';

export interface News {
  kind: Extract<AnnouncementKind, 'dispute' | 'adjustment' | 'settlement'>;
  /** Subject as in the audit log: `<kind>/<id>`. */
  subject: string;
  words: string;
}

@Injectable()
export class SettlementNews {
  constructor(private readonly announcements: AnnouncementsRepository) {}

  /** Parties that are no networks (`hub`, integrators) have no operators and get no announcement. */
  async tell(manager: EntityManager, parties: readonly string[], news: News): Promise<void> {
    const networks = await networksAmong(manager, parties);
    for (const network of networks) await this.announcements.announce(manager, { network, ...news });
  }

  /** Networks with a position on the day, and present members. */
  async tellAllOf(manager: EntityManager, date: string, news: News): Promise<void> {
    await this.tell(manager, await partiesOfDay(manager, date), news);
  }
}
