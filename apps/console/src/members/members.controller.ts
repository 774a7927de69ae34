/** Admission, suspension and departure of networks. Operators ask, admins decide. */
import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Network } from '#protocol';
import { Caller, mayTouch } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { Reasoned } from '../exchange/changes.js';
import { At } from '../http/dates.js';
import { Reason } from '../http/free-text.js';
import { Problem } from '../http/problem.js';
import { NetworkView, NetworkViews } from '../networks/network-view.js';
import { MembersService } from './members.service.js';
import type { MemberAction } from './membership.js';
import { ApiProblem } from '../http/problems.js';

const Leaving = z
  .object({
    at: At.describe('Until then everything works; from then on its users get code 15'),
    notice: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .describe('Told beside the date to everybody who has written across in the last 30 days'),
    reason: Reason,
  })
  .meta({
    id: 'Leaving',
    examples: [
      {
        at: '2013-07-10T00:00:00+08:00',
        notice: 'Feiliao and Fetion can no longer write to each other from then on.',
        reason: 'contract ends',
      },
    ],
  });

@ApiTags('members')
@ApiBearerAuth()
@ApiResponse({ status: 'default', standardSchema: Problem })
@Controller('v1/networks/:network')
export class MembersController {
  constructor(
    @Inject(MembersService) private readonly members: MembersService,
    @Inject(NetworkViews) private readonly views: NetworkViews,
  ) {}

  @Post('approve')
  @HttpCode(200)
  @Requires('networks:write')
  @ApiOperation({ summary: 'Admit an applicant' })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  approve(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) body: Reasoned,
  ): Promise<NetworkView> {
    return this.move(caller, network, 'approve', body);
  }

  @Post('enable')
  @HttpCode(200)
  @Requires('networks:write')
  @ApiOperation({ summary: 'Let traffic flow' })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  enable(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) body: Reasoned,
  ): Promise<NetworkView> {
    return this.move(caller, network, 'enable', body);
  }

  @Post('suspend')
  @HttpCode(200)
  @Requires('networks:write')
  @ApiOperation({ summary: 'Stop all traffic from and to this network' })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  suspend(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) body: Reasoned,
  ): Promise<NetworkView> {
    return this.move(caller, network, 'suspend', body);
  }

  @Post('leave')
  @HttpCode(200)
  @Requires('networks:leave')
  @ApiOperation({
    summary: 'Leave on a date; everybody who has written across in the last 30 days is told once',
  })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  async leave(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Leaving }) { at, notice, reason }: z.infer<typeof Leaving>,
  ): Promise<NetworkView> {
    mayTouch(caller, network);
    const date = new Date(at);
    if (date <= new Date())
      throw new ApiProblem('invalid', 'at: must be in the future, so that people can be told before');
    return this.views.of(await this.members.move(caller, network, 'leave', reason, { at: date, notice }));
  }

  @Post('stay')
  @HttpCode(200)
  @Requires('networks:write')
  @ApiOperation({ summary: 'Take a departure back' })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  stay(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) body: Reasoned,
  ): Promise<NetworkView> {
    return this.move(caller, network, 'stay', body);
  }

  @Post('remove')
  @HttpCode(200)
  @Requires('networks:write')
  @ApiOperation({ summary: 'Close it for good' })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  remove(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) body: Reasoned,
  ): Promise<NetworkView> {
    return this.move(caller, network, 'remove', body);
  }

  private async move(
    by: ApiKeyRow,
    network: Network,
    action: MemberAction,
    { reason }: Reasoned,
  ): Promise<NetworkView> {
    return this.views.of(await this.members.move(by, network, action, reason));
  }
}
