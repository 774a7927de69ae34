/** Blocked addresses. An operator blocks for their own network; for other networks, or all, an admin proposes and another approves. */
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { Address, Network } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ChangeView, proposed } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { Reason } from '../http/free-text.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { NetworksService } from '../networks/networks.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { BlockedRepository, type BlockedRow } from './blocked.repository.js';
import { BlockedService, BlockTerms } from './blocked.service.js';

const NewBlocked = BlockTerms.extend({
  network: Network.nullable()
    .optional()
    .describe(
      'Network that the address cannot write to. null: all networks, for admins only. Absent: your own network',
    ),
  reason: Reason.default('no reason given'),
}).meta({ id: 'NewBlockedAddress' });
const BlockedView = z
  .object({
    id: z.string().max(4000),
    address: z.string().max(20_000),
    network: z.string().max(40).nullable(),
    reason: z.string().max(4000),
    createdAt: z.string().max(40),
  })
  .meta({ id: 'BlockedAddress' });
type BlockedView = z.infer<typeof BlockedView>;
const BlockedPage = pageSchema('BlockedAddressPage', BlockedView);
const BlockedQuery = PageQuery.extend({
  address: Address.max(1000).optional().describe('Only blocks of this address'),
});
const BlockedId = z.uuid();

@ApiTags('abuse')
@ApiBearerAuth()
@Controller('v1/blocked')
export class BlockedController {
  constructor(
    private readonly database: DataSource,
    private readonly blocked: BlockedService,
    private readonly rows: BlockedRepository,
    private readonly changes: ChangesService,
    private readonly networks: NetworksService,
    private readonly registry: RegistryService,
  ) {}

  @Get()
  @Requires('blocked:read')
  @ApiOperation({
    summary: 'List blocked addresses',
    description: 'An operator sees the addresses that their network blocks.',
  })
  @ApiResponse({ status: 200, standardSchema: BlockedPage })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: BlockedQuery }) { cursor, limit, address }: z.infer<typeof BlockedQuery>,
  ): Promise<Page<BlockedView>> {
    const rows = await this.rows.list(own(caller), address, keyAfter(cursor, MomentKey), limit + 1);
    return pageOf(rows, limit, (row) => [row.created_at.toISOString(), row.id], view);
  }

  @Post()
  @Requires('blocked:write')
  @ApiOperation({
    summary: 'Block an address',
    description:
      "Messages from the address fail with result code 40. An operator's request takes effect at once. An admin's request is a proposal that another person approves.",
  })
  @ApiResponse({ status: 201, standardSchema: BlockedView })
  @ApiResponse({ status: 202, standardSchema: ChangeView, description: 'Proposed by an admin' })
  async block(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: NewBlocked }) body: z.infer<typeof NewBlocked>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BlockedView | ChangeView> {
    const network = body.network === undefined ? own(caller) : body.network;
    if (network !== null) {
      requireOwnNetwork(caller, network);
      await this.networks.find(network);
    } else if (caller.role !== 'admin')
      throw new ApiProblem('forbidden', 'only admins block an address for all networks');
    const terms = { ...body, network };
    if (caller.role !== 'operator') {
      const change = { kind: 'block.add', terms } as const;
      return proposed(reply, await this.changes.propose(caller, change, terms.reason));
    }
    const row = await this.database.transaction((manager) => this.blocked.block(manager, caller, terms));
    await this.registry.settled();
    return view(row);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('blocked:write')
  @ApiOperation({
    summary: 'Unblock an address',
    description:
      "An operator's request takes effect at once. An admin's request is a proposal that another person approves.",
  })
  @ApiResponse({ status: 204, description: 'Done' })
  @ApiResponse({ status: 202, standardSchema: ChangeView, description: 'Proposed by an admin' })
  async unblock(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: BlockedId }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangeView | undefined> {
    if (caller.role !== 'operator') {
      const { address, network } = await this.blocked.find(id);
      const change = { kind: 'block.remove', id, address, network } as const;
      return proposed(reply, await this.changes.propose(caller, change, 'an admin asks for it'));
    }
    await this.database.transaction((manager) => this.blocked.unblock(manager, caller, id, own(caller)));
    await this.registry.settled();
    return undefined;
  }
}

function own({ network }: ApiKeyRow): Network | null {
  return network as Network | null;
}

function view({ id, address, network, reason, created_at: createdAt }: BlockedRow): BlockedView {
  return { id, address, network, reason, createdAt: createdAt.toISOString() };
}
