/** Announcements about memberships: every step to the network itself; joining and leaving to the others. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { NetworkRow } from '#database';
import { isReserved, network as networkSlug } from '#protocol';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
import type { MemberAction } from './membership.js';
import { memberSlugs } from '../networks/network-slugs.repository.js';

@Injectable()
export class MembershipNews {
  constructor(private readonly announcements: AnnouncementsRepository) {}

  async moved(
    manager: EntityManager,
    row: Pick<NetworkRow, 'slug' | 'name' | 'status' | 'leavesAt'>,
    action: MemberAction,
    reason: string,
  ): Promise<void> {
    await this.tell(manager, row.slug, row.slug, `${stepOf(action, row)}: ${reason}.`);
    const words = wordsForOthers(action, row);
    if (words === undefined) return;
    const others = (await memberSlugs(manager)).filter((slug) => slug !== row.slug);
    for (const slug of others) await this.tell(manager, slug, row.slug, words);
  }

  /** @param about the network whose membership it is */
  async tell(manager: EntityManager, to: string, about: string, words: string): Promise<void> {
    if (isReserved(networkSlug(to))) return;
    const subject = `network/${about}`;
    await this.announcements.announce(manager, { network: to, kind: 'membership', subject, words });
  }
}

function stepOf(
  action: MemberAction,
  { slug, status, leavesAt }: Pick<NetworkRow, 'slug' | 'status' | 'leavesAt'>,
): string {
  const until = status === 'leaving' && leavesAt ? ` until ${leavesAt.toISOString()}` : '';
  return `${action}: ${slug} is now ${status}${until}`;
}

function wordsForOthers(
  action: MemberAction,
  { name, slug, leavesAt }: Pick<NetworkRow, 'name' | 'slug' | 'leavesAt'>,
): string | undefined {
  switch (action) {
    case 'leave':
      return `${name} (${slug}) leaves the exchange at ${leavesAt?.toISOString() ?? 'an unknown time'}. Until then everything works.`;
    case 'stay':
      return `${name} (${slug}) has withdrawn its departure and stays.`;
    case 'remove':
      return `${name} (${slug}) is no longer a member.`;
    case 'approve':
    case 'enable':
    case 'suspend':
      return undefined;
  }
}
