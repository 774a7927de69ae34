/** Moves networks through their membership: who, when and why stand in the audit log, the switch hears at once. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { NetworkRow, type ApiKeyRow } from '#database';
import { AuditService } from '../audit/audit.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { moved, type MemberAction } from './membership.js';
import { ApiProblem } from '../http/problems.js';

export interface Departure {
  at: Date;
  /** What its people are told, beside the date. */
  notice: string | undefined;
}

@Injectable()
export class MembersService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(RegistryService) private readonly registry: RegistryService,
  ) {}

  async move(
    by: ApiKeyRow | 'hub',
    slug: string,
    action: MemberAction,
    reason: string,
    departure?: Departure,
  ): Promise<NetworkRow> {
    const row = await this.database.transaction(async (manager) => {
      const rows = manager.getRepository(NetworkRow);
      const network = await rows.findOne({ where: { slug }, lock: { mode: 'pessimistic_write' } });
      if (!network) throw new ApiProblem('not-found', `no network ${slug}`);
      const before = network.status;
      network.status = moved(before, action);
      network.leavesAt = network.status === 'leaving' ? (departure?.at ?? network.leavesAt) : null;
      network.notice = network.status === 'leaving' ? (departure?.notice ?? network.notice) : null;
      network.version += 1;
      await rows.save(network);
      await this.registry.changed(manager, { member: slug });
      await this.audit.record(manager, {
        by,
        action: `network.${action}`,
        subject: `network/${slug}`,
        reason,
        change: { from: before, to: network.status, leavesAt: network.leavesAt },
      });
      return network;
    });
    await this.registry.settled();
    return row;
  }
}
