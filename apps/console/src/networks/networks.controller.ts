import { Body, Controller, Get, Headers, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Network } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import type { ApiKeyRow } from '#database';
import { freeText, Reason } from '../http/free-text.js';
import { keyAfter, NameKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { ETAG, tagged, IF_MATCH } from '../http/versions.js';
import { NetworkView, NetworkViews } from './networks.dto.js';
import { NetworksService } from './networks.service.js';

const NewNetwork = z
  .object({
    network: Network,
    name: freeText(100).describe('Name of the network, for people'),
    operator: z.string().max(300).optional().describe('Id of the organisation that runs the network'),
    state: z
      .enum(['applied', 'approved'])
      .default('approved')
      .describe('true: the network has to be approved later'),
    reason: Reason.default('registered'),
    test: z
      .boolean()
      .default(false)
      .describe('true: a test network, with which adapters without a certificate can exchange messages'),
  })
  .meta({ id: 'NewNetwork', examples: [{ network: 'xmpp', name: 'Example XMPP' }] });
const NetworkEdit = z
  .object({
    name: freeText(100),
    operator: z.string().max(300).nullable(),
    test: z.boolean(),
    reason: Reason,
  })
  .meta({ id: 'NetworkEdit' });
const NetworkPage = pageSchema('NetworkPage', NetworkView);

@ApiTags('networks')
@ApiBearerAuth()
@Controller('v1/networks')
export class NetworksController {
  constructor(
    private readonly networks: NetworksService,
    private readonly views: NetworkViews,
  ) {}

  @Get()
  @Requires('networks:read')
  @ApiOperation({
    summary: 'List networks',
    description: 'Shows state and present health of each network. An operator sees their own network.',
  })
  @ApiResponse({ status: 200, standardSchema: NetworkPage })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<NetworkView>> {
    const [after] = keyAfter(cursor, NameKey) ?? [''];
    const rows = await this.networks.page(caller.network, after, limit + 1);
    return pageOf(
      rows,
      limit,
      ({ slug }) => [slug],
      (row) => this.views.of(row),
    );
  }

  @Get(':network')
  @Requires('networks:read')
  @ApiOperation({ summary: 'Show one network', description: 'Shows state, capabilities and present health.' })
  @ApiResponse({ status: 200, headers: ETAG, standardSchema: NetworkView })
  async show(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NetworkView> {
    requireOwnNetwork(caller, network);
    const row = await this.networks.find(network);
    return tagged(reply, row.version, this.views.of(row));
  }

  @Put(':network')
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Change a network',
    description: 'Changes its name, its operator, or whether it is a test network.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  async edit(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: NetworkEdit }) body: z.infer<typeof NetworkEdit>,
  ): Promise<NetworkView> {
    return this.views.of(await this.networks.edit(caller, network, ifMatch, body));
  }

  @Post()
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Register a network',
    description:
      'An operator of the network issues the bus credentials of the adapter after the network is approved.',
  })
  @ApiResponse({ status: 201, standardSchema: NetworkView })
  async register(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: NewNetwork }) body: z.infer<typeof NewNetwork>,
  ): Promise<NetworkView> {
    return this.views.of(await this.networks.register(caller, body));
  }
}
