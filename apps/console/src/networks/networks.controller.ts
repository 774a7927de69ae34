import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Capabilities, Network, network as networkSlug, MemberState, TEL } from '#protocol';
import { Caller, mayTouch } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import type { ApiKeyRow, NetworkRow } from '#database';
import { Problem } from '../http/problem.js';
import { LivenessBoard } from './liveness.js';
import { NetworksService } from './networks.service.js';

const NewNetwork = z
  .object({
    network: Network.refine((slug) => slug !== TEL, 'tel stands for telephone numbers'),
    name: z.string().min(1).max(100).describe('For people'),
    test: z.boolean().default(false).describe('A test network: adapters that are not certified yet reach it'),
  })
  .meta({ id: 'NewNetwork', examples: [{ network: 'xmpp', name: 'Example XMPP' }] });
const NetworkView = z
  .object({
    network: z.string(),
    name: z.string(),
    status: MemberState,
    adapter: z.object({
      build: z.string().nullable(),
      signedOn: z.boolean().describe('An adapter is there and takes traffic'),
      nativeConnected: z.boolean().describe('It reaches its native network'),
      instance: z.string().optional(),
      lastHeard: z.string().optional(),
    }),
    capabilities: Capabilities.nullable(),
    createdAt: z.string(),
  })
  .meta({ id: 'NetworkView' });
const Credentials = z
  .object({
    credentials: z.string().describe('Content of a NATS credentials file; shown this once'),
    inboxPrefix: z.string().describe('Prefix of reply subjects that these credentials allow'),
  })
  .meta({ id: 'BusCredentials' });
const Registered = NetworkView.extend(Credentials.shape).meta({ id: 'NetworkRegistered' });

@ApiTags('networks')
@ApiBearerAuth()
@ApiResponse({ status: 'default', standardSchema: Problem })
@Controller('v1/networks')
export class NetworksController {
  constructor(
    @Inject(NetworksService) private readonly networks: NetworksService,
    @Inject(LivenessBoard) private readonly liveness: LivenessBoard,
  ) {}

  @Get()
  @Requires('networks:read')
  @ApiOperation({ summary: 'List networks with live health' })
  @ApiResponse({ status: 200, standardSchema: z.array(NetworkView) })
  async list(@Caller() caller: ApiKeyRow): Promise<z.infer<typeof NetworkView>[]> {
    const rows = await this.networks.list();
    return rows
      .filter(({ slug }) => caller.role !== 'operator' || caller.network === slug)
      .map((row) => this.view(row));
  }

  @Get(':network')
  @Requires('networks:read')
  @ApiOperation({ summary: 'Show one network' })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  async show(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
  ): Promise<z.infer<typeof NetworkView>> {
    mayTouch(caller, network);
    return this.view(await this.networks.find(network));
  }

  @Post()
  @Requires('networks:write')
  @ApiOperation({ summary: 'Register a network and its adapter; returns the bus credentials once' })
  @ApiResponse({ status: 201, standardSchema: Registered })
  async register(
    @Body({ schema: NewNetwork }) body: z.infer<typeof NewNetwork>,
  ): Promise<z.infer<typeof Registered>> {
    const { row, ...issued } = await this.networks.register(body.network, body.name, body.test);
    return { ...this.view(row), ...issued };
  }

  @Post(':network/credentials')
  @Requires('credentials:issue')
  @ApiOperation({ summary: 'Issue further bus credentials for the adapter, shown this once' })
  @ApiResponse({ status: 201, standardSchema: Credentials })
  issue(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
  ): Promise<z.infer<typeof Credentials>> {
    mayTouch(caller, network);
    return this.networks.issue(network);
  }

  @Post(':network/enable')
  @HttpCode(200)
  @Requires('networks:write')
  @ApiOperation({ summary: 'Let traffic flow' })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  async enable(
    @Param('network', { schema: Network }) network: Network,
  ): Promise<z.infer<typeof NetworkView>> {
    return this.view(await this.networks.setStatus(network, 'live'));
  }

  @Post(':network/suspend')
  @HttpCode(200)
  @Requires('networks:write')
  @ApiOperation({ summary: 'Stop all traffic from and to this network' })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  async suspend(
    @Param('network', { schema: Network }) network: Network,
  ): Promise<z.infer<typeof NetworkView>> {
    return this.view(await this.networks.setStatus(network, 'suspended'));
  }

  private view({
    slug,
    name,
    status,
    build,
    capabilities,
    createdAt,
  }: NetworkRow): z.infer<typeof NetworkView> {
    return {
      network: slug,
      name,
      status,
      adapter: { build, ...this.liveness.of(networkSlug(slug)) },
      capabilities,
      createdAt: createdAt.toISOString(),
    };
  }
}
