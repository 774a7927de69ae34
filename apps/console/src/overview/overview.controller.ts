import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { OverviewView, RANGES } from './overview.dto.js';
import { OverviewService } from './overview.service.js';

const OverviewQuery = z.object({
  range: z.enum(RANGES).default('live').describe('The last five minutes, hour, day or week'),
});

@ApiTags('trace')
@ApiBearerAuth()
@Controller('v1/overview')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  @Get()
  @Requires('trace:read')
  @ApiOperation({
    summary: 'Show whether everything is well',
    description:
      'Traffic, times and failures of a range as figures and as a series, the business day, and what needs attention, with what to do. An operator sees the messages and the problems of their own network. The figures are at most five seconds old.',
  })
  @ApiResponse({ status: 200, standardSchema: OverviewView })
  show(
    @Caller() { network }: ApiKeyRow,
    @Query({ schema: OverviewQuery }) { range }: z.infer<typeof OverviewQuery>,
  ): Promise<OverviewView> {
    return this.overview.of(range, network);
  }
}
