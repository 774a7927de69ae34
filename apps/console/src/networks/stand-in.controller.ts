/** Stand-in settings of a network, which its operator changes. */
import { Body, Controller, Get, Headers, Param, Put, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { NetworkRow, type ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { Network, StandIn, TRAFFIC_CLASSES } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { AuditService } from '../audit/audit.service.js';
import { Reason } from '../http/free-text.js';
import { ETAG, expectVersion, tagged, IF_MATCH } from '../http/versions.js';
import { RegistryService } from '../registry/registry.service.js';
import { NetworksService } from './networks.service.js';

/** Maximum number of stored messages of one network, so that the store has room for the others. */
const MOST_KEPT = 1_000_000;

const NewStandIn = StandIn.extend({
  messages: z
    .int()
    .min(0)
    .max(MOST_KEPT)
    .default(100_000)
    .describe('Maximum number of stored messages; further ones get code 91'),
  classes: z
    .array(z.enum(TRAFFIC_CLASSES))
    .max(TRAFFIC_CLASSES.length)
    .optional()
    .describe('Classes of traffic that are stored; others get code 91 at once. Absent: all'),
  reason: Reason.default('no reason given'),
}).meta({ id: 'NewStandIn', examples: [{ hours: 24, messages: 50_000, reason: 'our disks are small' }] });

@ApiTags('networks')
@ApiBearerAuth()
@Controller('v1/networks')
export class StandInController {
  constructor(
    private readonly networks: NetworksService,
    private readonly audit: AuditService,
    private readonly registry: RegistryService,
  ) {}

  @Get(':network/stand-in')
  @Requires('networks:read')
  @ApiOperation({
    summary: 'Show the stand-in settings of a network',
    description: 'The stand-in stores messages for a network that is offline.',
  })
  @ApiResponse({ status: 200, headers: ETAG, standardSchema: StandIn })
  async show(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StandIn> {
    requireOwnNetwork(caller, network);
    const { standIn, version } = await this.networks.find(network);
    return tagged(reply, version, standIn);
  }

  @Put(':network/stand-in')
  @Requires('stand-in:write')
  @ApiOperation({
    summary: 'Change the stand-in settings of a network',
    description:
      'Sets for how many hours messages to the network are stored while it is offline. With 0 hours they fail at once with result code 91.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, headers: ETAG, standardSchema: StandIn })
  async change(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: NewStandIn }) { reason, ...standIn }: z.infer<typeof NewStandIn>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StandIn> {
    requireOwnNetwork(caller, network);
    const change = {
      by: caller,
      action: 'stand-in.changed',
      subject: `network/${network}`,
      reason,
      change: standIn,
    };
    const version = await this.audit.changing(change, async (manager) => {
      const row = await manager.findOne(NetworkRow, {
        where: { slug: network },
        lock: { mode: 'pessimistic_write' },
      });
      if (!row) throw new ApiProblem('not-found', `no network ${network}`);
      expectVersion(ifMatch, row.version);
      await manager.update(NetworkRow, { slug: network }, { standIn, version: row.version + 1 });
      await this.registry.changed(manager, { member: network });
      return row.version + 1;
    });
    await this.registry.settled();
    return tagged(reply, version, standIn);
  }
}
