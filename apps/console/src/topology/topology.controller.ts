import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Network } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { RANGES } from '../overview/overview.dto.js';
import { TopologyPair, TopologyView } from './topology.dto.js';
import { TopologyService } from './topology.service.js';

const TopologyQuery = z.object({
  range: z.enum(RANGES).default('hour').describe('The last five minutes (`live`), hour, day or week'),
});
type TopologyQuery = z.infer<typeof TopologyQuery>;

@ApiTags('trace')
@ApiBearerAuth()
@Controller('v1/topology')
export class TopologyController {
  constructor(private readonly topology: TopologyService) {}

  @Get()
  @Requires('trace:read')
  @ApiOperation({
    summary: 'Show who talks to whom',
    description:
      'Lists the networks with their health, and each ordered pair with traffic in the range. Days and weeks are counted in whole hours. An operator sees the pairs of their own network.',
  })
  @ApiResponse({ status: 200, standardSchema: TopologyView })
  show(
    @Caller() { network }: ApiKeyRow,
    @Query({ schema: TopologyQuery }) { range }: TopologyQuery,
  ): Promise<TopologyView> {
    return this.topology.of(range, network);
  }

  @Get(':from/:to')
  @Requires('trace:read')
  @ApiOperation({
    summary: 'Show what one network sends to another one',
    description:
      'Traffic and failures of the range, the agreement and tariffs in force, and in which form each feature arrives. An operator sees the pairs of their own network.',
  })
  @ApiResponse({ status: 200, standardSchema: TopologyPair })
  pair(
    @Caller() { network }: ApiKeyRow,
    @Param('from', { schema: Network }) from: Network,
    @Param('to', { schema: Network }) to: Network,
    @Query({ schema: TopologyQuery }) { range }: TopologyQuery,
  ): Promise<TopologyPair> {
    return this.topology.pair({ from, to, range }, network);
  }
}
