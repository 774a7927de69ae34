/** Applies one change of a level or of a limited pair: database, registry, announcement to the network, and audit log. */
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { isReserved, network as networkSlug, type RiskLevel } from '#protocol';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
import type { Change as AuditEntry } from '../audit/audit.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { RiskRepository } from './risk.repository.js';

export interface StepReason {
  by: ApiKeyRow | 'hub';
  reason: string;
  now: Date;
  /** Audit entries of the transaction. They are written at its end, because the lock of the audit log is the last one that a transaction takes. */
  log: AuditEntry[];
}

const LEVELS_IN_WORDS: Record<RiskLevel, string> = {
  normal: 'its messages are limited by its agreements only',
  warned: 'nothing is held back yet',
  throttled: 'its messages are limited to a tenth of its limits',
  suspended: 'its messages are refused with code 57',
};

@Injectable()
export class RiskSteps {
  constructor(
    private readonly rows: RiskRepository,
    private readonly registry: RegistryService,
    private readonly announcements: AnnouncementsRepository,
  ) {}

  async moveMember(
    manager: EntityManager,
    network: string,
    { from, to }: { from: RiskLevel; to: RiskLevel },
    { by, reason, now, log }: StepReason,
  ): Promise<void> {
    await this.rows.setLevel(manager, network, to, now);
    await this.registry.changed(manager, { member: network });
    const words = `The risk level of ${network} is now ${to}, it was ${from}: ${LEVELS_IN_WORDS[to]}. Reason: ${reason}.`;
    await this.tell(manager, network, to === 'normal' ? words : `${words} ${howToObject(network)}`);
    const change = { from, to };
    log.push({ by, action: 'network.risk', subject: `network/${network}`, reason, change });
  }

  /** @returns false if the registry entry of the network has the maximum number of limited pairs */
  async limitPair(
    manager: EntityManager,
    network: string,
    towards: string,
    why: StepReason,
  ): Promise<boolean> {
    if (!(await this.rows.limitPair(manager, network, towards, why.now))) return false;
    const words = `Messages from ${network} to ${towards}, and to no other network, are limited to a tenth of the limits. Reason: ${why.reason}. ${howToObject(network)}`;
    await this.pairMoved(manager, network, towards, 'limited', words, why);
    return true;
  }

  /** @returns whether the pair was limited */
  async freePair(
    manager: EntityManager,
    network: string,
    towards: string,
    why: StepReason,
  ): Promise<boolean> {
    if (!(await this.rows.freePair(manager, network, towards))) return false;
    const words = `Messages from ${network} to ${towards} are limited by the agreement only again. Reason: ${why.reason}.`;
    await this.pairMoved(manager, network, towards, 'free', words, why);
    return true;
  }

  /** Announces a change of risk to a network. */
  async tell(manager: EntityManager, network: string, words: string): Promise<void> {
    if (isReserved(networkSlug(network))) return;
    const subject = `network/${network}`;
    await this.announcements.announce(manager, { network, kind: 'risk', subject, words });
  }

  private async pairMoved(
    manager: EntityManager,
    network: string,
    towards: string,
    to: 'limited' | 'free',
    words: string,
    { by, reason, log }: StepReason,
  ): Promise<void> {
    await this.registry.changed(manager, { member: network });
    await this.tell(manager, network, words);
    log.push({
      by,
      action: 'network.pair-risk',
      subject: `network/${network}`,
      reason,
      change: { towards, to },
      networks: [towards],
    });
  }
}

function howToObject(network: string): string {
  return (
    `To object: answer the reports (GET /v1/abuse-reports?role=accused, then POST /v1/abuse-reports/{id}/answer), see the figures ` +
    `with GET /v1/networks/${network}/risk, and write to the admins of the hub: two of them lift the step or dismiss the reports.`
  );
}
