/** Whom the switch does not let through: an admin for everybody, an operator for its own network. */
import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Address, ANY_NETWORK, Network } from '#protocol';
import { Caller, mayTouch } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { AuditService } from '../audit/audit.service.js';
import { Reason } from '../http/free-text.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { NetworksService } from '../networks/networks.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { ApiProblem } from '../http/problems.js';

const NewBlocked = z
  .object({
    address: Address,
    network: Network.nullable()
      .optional()
      .describe('Who does not hear him. null, for admins only: nobody does. Absent: your own network'),
    reason: Reason.default('no reason given'),
  })
  .meta({ id: 'NewBlockedAddress' });
const BlockedView = z
  .object({
    id: z.string().max(4000),
    address: z.string().max(20_000),
    network: z.string().max(40).nullable(),
    reason: z.string().max(4000),
    createdAt: z.string().max(40),
  })
  .meta({ id: 'BlockedAddress' });
const BlockedPage = pageSchema('BlockedAddressPage', BlockedView);
const BlockedId = z.uuid();

interface Columns {
  id: string;
  address: string;
  network: string | null;
  reason: string;
  created_at: Date;
}

/** Of one network. They travel in the registry, which must fit into one message of the bus. */
const MOST_BLOCKED = 1000;
const MAX_ADDRESS = 300;

@ApiTags('abuse')
@ApiBearerAuth()
@ApiResponse({ status: 'default', standardSchema: Problem })
@Controller('v1/blocked')
export class BlockedController {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(NetworksService) private readonly networks: NetworksService,
    @Inject(RegistryService) private readonly registry: RegistryService,
  ) {}

  @Get()
  @Requires('blocked:read')
  @ApiOperation({ summary: 'List blocked addresses: an operator those of its own network' })
  @ApiResponse({ status: 200, standardSchema: BlockedPage })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<z.infer<typeof BlockedView>>> {
    const [at, id] = keyAfter(cursor, MomentKey) ?? [];
    const rows = await this.database.query<Columns[]>(
      `SELECT * FROM blocked WHERE ($1::text IS NULL OR network = $1) AND ($2::timestamptz IS NULL OR (created_at, id) > ($2, $3::uuid))
       ORDER BY created_at, id LIMIT $4`,
      [caller.network, at ?? null, id ?? null, limit + 1],
    );
    return pageOf(rows, limit, (row) => [row.created_at.toISOString(), row.id], view);
  }

  @Post()
  @Requires('blocked:write')
  @ApiOperation({ summary: 'Let an address through no more; its owner gets code 40' })
  @ApiResponse({ status: 201, standardSchema: BlockedView })
  async block(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: NewBlocked }) { address, network, reason }: z.infer<typeof NewBlocked>,
  ): Promise<z.infer<typeof BlockedView>> {
    const scope = network === undefined ? caller.network : network;
    if (scope === null) {
      if (caller.role !== 'admin')
        throw new ApiProblem('forbidden', 'only an admin blocks somebody everywhere');
    } else {
      mayTouch(caller, scope);
      await this.networks.find(scope);
    }
    if (address.length > MAX_ADDRESS)
      throw new ApiProblem('too-large', `address: more than ${MAX_ADDRESS} characters`);
    const row = { id: randomUUID(), address, network: scope, reason, created_at: new Date() };
    const change = {
      by: caller,
      action: 'address.blocked',
      subject: `blocked/${row.id}`,
      reason,
      change: { address, network: scope },
      networks: [scope ?? ANY_NETWORK],
    };
    await this.audit.changing(change, async (manager) => {
      const made = await manager.query<object[]>(
        'INSERT INTO blocked VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id',
        [row.id, row.address, row.network, row.reason, row.created_at],
      );
      if (made.length === 0) throw new ApiProblem('conflict', `${address} is blocked there already`);
      const [all] = await manager.query<{ count: number }[]>(
        'SELECT count(*)::int AS count FROM blocked WHERE network IS NOT DISTINCT FROM $1',
        [row.network],
      );
      if ((all?.count ?? 0) > MOST_BLOCKED)
        throw new ApiProblem(
          'conflict',
          `${MOST_BLOCKED} addresses are blocked there: the switch keeps no more in memory`,
        );
      await this.registry.changed(manager, { blockedBy: row.network });
    });
    await this.registry.settled();
    return view(row);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('blocked:write')
  @ApiOperation({ summary: 'Let an address through again' })
  async unblock(@Caller() caller: ApiKeyRow, @Param('id', { schema: BlockedId }) id: string): Promise<void> {
    const change = {
      by: caller,
      action: 'address.unblocked',
      subject: `blocked/${id}`,
      reason: '',
      change: null,
    };
    await this.audit.changing(change, async (manager) => {
      const [[row]] = await manager.query<[{ network: string | null }[], number]>(
        'DELETE FROM blocked WHERE id = $1 AND ($2::text IS NULL OR network = $2) RETURNING network',
        [id, caller.network],
      );
      if (!row) throw new ApiProblem('not-found', `no blocked address ${id}`);
      await this.registry.changed(manager, { blockedBy: row.network });
    });
    await this.registry.settled();
  }
}

function view({ id, address, network, reason, created_at: createdAt }: Columns): z.infer<typeof BlockedView> {
  return { id, address, network, reason, createdAt: createdAt.toISOString() };
}
