/** Blocks and unblocks addresses, in the transaction of the operator's request or of the second admin's approval. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { Address, ANY_NETWORK, Network } from '#protocol';
import { AuditService } from '../audit/audit.service.js';
import { Reason } from '../http/free-text.js';
import { RegistryService } from '../registry/registry.service.js';
import { BlockedRepository, type BlockedRow } from './blocked.repository.js';

/** Maximum number of blocks of one network: its registry entry must fit into one message of the bus. */
const MOST_BLOCKED = 1000;
/** Maximum length of an address that can be blocked, in characters. */
const MAX_ADDRESS = 300;

export const BlockTerms = z
  .object({
    address: Address.max(MAX_ADDRESS),
    network: Network.nullable().describe('Network that the address cannot write to; null: all networks'),
    reason: Reason,
  })
  .meta({ id: 'BlockTerms' });
export type BlockTerms = z.infer<typeof BlockTerms>;

@Injectable()
export class BlockedService {
  constructor(
    private readonly blocked: BlockedRepository,
    private readonly audit: AuditService,
    private readonly registry: RegistryService,
  ) {}

  /** @throws ApiProblem conflict if the address is blocked for this network already, or the list is full */
  async block(
    manager: EntityManager,
    by: ApiKeyRow,
    { address, network, reason }: BlockTerms,
  ): Promise<BlockedRow> {
    const row = { id: randomUUID(), address, network, reason, created_at: new Date() };
    if (!(await this.blocked.insert(manager, row)))
      throw new ApiProblem('conflict', `${address} is blocked for this network already`);
    if ((await this.blocked.count(manager, network)) > MOST_BLOCKED)
      throw new ApiProblem(
        'conflict',
        `${MOST_BLOCKED} addresses are blocked for this network, which is the maximum: unblock one first`,
      );
    await this.registry.changed(manager, { blockedBy: network });
    await this.audit.record(manager, {
      by,
      action: 'address.blocked',
      subject: `blocked/${row.id}`,
      reason,
      change: { address, network },
      networks: [network ?? ANY_NETWORK],
    });
    return row;
  }

  /**
   * @param within the network whose block it must be; null: any
   * @throws ApiProblem not-found if there is no such block
   */
  async unblock(manager: EntityManager, by: ApiKeyRow, id: string, within: Network | null): Promise<void> {
    const row = await this.blocked.remove(manager, id, within);
    if (!row) throw noBlock(id);
    await this.registry.changed(manager, { blockedBy: row.network });
    await this.audit.record(manager, {
      by,
      action: 'address.unblocked',
      subject: `blocked/${id}`,
      reason: '',
      change: { address: row.address, network: row.network },
      networks: [row.network ?? ANY_NETWORK],
    });
  }

  /** @throws ApiProblem not-found */
  async find(id: string): Promise<BlockedRow> {
    const row = await this.blocked.find(id);
    if (!row) throw noBlock(id);
    return row;
  }
}

function noBlock(id: string): ApiProblem {
  return new ApiProblem('not-found', `no blocked address ${id}`);
}
