/** Tells every network concerned what moves its money. */
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AnnouncementKind } from '../announcements/announcement.dto.js';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
import { networksAmong, partiesOfDay } from '../networks/network-slugs.repository.js';

export interface News {
  kind: Extract<AnnouncementKind, 'dispute' | 'adjustment' | 'settlement'>;
  /** `<what>/<id>`, as in the audit log. */
  subject: string;
  words: string;
}

@Injectable()
export class SettlementNews {
  constructor(@Inject(AnnouncementsRepository) private readonly announcements: AnnouncementsRepository) {}

  /** Parties that are no network (`hub`, integrators) have no operators to tell. */
  async tell(manager: EntityManager, parties: readonly string[], news: News): Promise<void> {
    const networks = await networksAmong(manager, parties);
    for (const network of networks) await this.announcements.announce(manager, { network, ...news });
  }

  /** Everybody with a position on the day, and everybody who takes part now. */
  async tellAllOf(manager: EntityManager, date: string, news: News): Promise<void> {
    await this.tell(manager, await partiesOfDay(manager, date), news);
  }
}
