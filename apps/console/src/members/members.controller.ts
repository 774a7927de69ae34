/** Routes of the steps of a membership. */
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { ApiKeyRow } from '#database';
import { Network } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ChangeView, Reasoned } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { NetworkView, NetworkViews } from '../networks/networks.dto.js';
import { MembersService } from './members.service.js';
import { SuspensionsService } from './suspensions.service.js';

@ApiTags('members')
@ApiBearerAuth()
@Controller('v1/networks/:network')
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly suspensions: SuspensionsService,
    private readonly changes: ChangesService,
    private readonly views: NetworkViews,
  ) {}

  @Post('approve')
  @HttpCode(200)
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Approve a network',
    description: 'The network can then sign on; traffic flows after it is enabled.',
  })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  async approve(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<NetworkView> {
    return this.views.of(await this.members.move(caller, network, 'approve', reason));
  }

  @Post('enable')
  @HttpCode(200)
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Enable a network',
    description:
      'Lets traffic of the network flow. A suspension by two admins is ended by two admins (`enable/propose`).',
  })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  async enable(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<NetworkView> {
    return this.views.of(await this.suspensions.enable(caller, network, reason));
  }

  @Post('suspend')
  @HttpCode(200)
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Suspend a network in an emergency',
    description:
      'Stops all traffic of the network at once. The suspension ends after 24 hours unless another admin confirms it.',
  })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  async suspend(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<NetworkView> {
    return this.views.of(await this.suspensions.suspendInEmergency(caller, network, reason));
  }

  @Post('suspend/confirm')
  @HttpCode(200)
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Confirm an emergency suspension',
    description:
      'Another admin than the one who suspended the network confirms; the suspension then does not expire.',
  })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  async confirmSuspension(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<NetworkView> {
    return this.views.of(await this.suspensions.confirm(caller, network, reason));
  }

  @Post('suspend/propose')
  @HttpCode(202)
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Propose a suspension',
    description: 'The network is suspended until further notice when another admin has approved it.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  proposeSuspension(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'network.suspend', network }, reason);
  }

  @Post('enable/propose')
  @HttpCode(202)
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Propose ending a suspension',
    description: 'The network is enabled when another admin has approved it.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  proposeEnabling(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'network.enable', network }, reason);
  }

  @Post('remove')
  @HttpCode(202)
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Propose removing a network',
    description: 'The network leaves for good when another admin has approved it.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  remove(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'network.remove', network }, reason);
  }
}
