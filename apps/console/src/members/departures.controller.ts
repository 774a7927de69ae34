/** Departures of networks, which their operators announce, and the text to people, which an admin approves. */
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Network } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ChangeView, Reasoned } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { NetworkView, NetworkViews } from '../networks/networks.dto.js';
import { DepartureView, EarlyLeaving, Leaving } from './departures.dto.js';
import { DeparturesService } from './departures.service.js';

@ApiTags('members')
@ApiBearerAuth()
@Controller('v1/networks/:network')
export class DeparturesController {
  constructor(
    private readonly departures: DeparturesService,
    private readonly changes: ChangesService,
    private readonly views: NetworkViews,
  ) {}

  @Get('leave')
  @Requires('networks:read')
  @ApiOperation({
    summary: 'Show the departure of a network',
    description: 'Shows the date and the text of a departure that is announced and not withdrawn.',
  })
  @ApiResponse({ status: 200, standardSchema: DepartureView })
  show(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
  ): Promise<DepartureView> {
    requireOwnNetwork(caller, network);
    return this.departures.show(network);
  }

  @Post('leave')
  @HttpCode(200)
  @Requires('networks:leave')
  @ApiOperation({
    summary: 'Announce the departure of your network',
    description: 'Everybody who has exchanged messages with the network in the last 30 days gets one notice.',
  })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  async leave(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Leaving }) { at, notice, reason }: Leaving,
  ): Promise<NetworkView> {
    requireOwnNetwork(caller, network);
    const departure = { at: new Date(at), notice };
    return this.views.of(await this.departures.leave(caller, network, departure, reason));
  }

  @Post('leave/propose')
  @HttpCode(202)
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Propose an early departure',
    description:
      'The date may be within the notice period. Another admin approves it and the network confirms it.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  propose(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: EarlyLeaving }) { at, reason }: z.infer<typeof EarlyLeaving>,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'network.leave', network, at }, reason);
  }

  @Post('leave/notice/approve')
  @HttpCode(200)
  @Requires('leave-notices:decide')
  @ApiOperation({
    summary: 'Approve the text of a departure',
    description: 'Notices contain the text from now on.',
  })
  @ApiResponse({ status: 200, standardSchema: DepartureView })
  approveNotice(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<DepartureView> {
    return this.departures.decideNotice(caller, network, 'approved', reason);
  }

  @Post('leave/notice/reject')
  @HttpCode(200)
  @Requires('leave-notices:decide')
  @ApiOperation({ summary: 'Reject the text of a departure', description: 'Notices contain the date only.' })
  @ApiResponse({ status: 200, standardSchema: DepartureView })
  rejectNotice(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<DepartureView> {
    return this.departures.decideNotice(caller, network, 'rejected', reason);
  }

  @Post('stay')
  @HttpCode(200)
  @Requires('networks:leave')
  @ApiOperation({
    summary: 'Withdraw the departure of your network',
    description: 'Possible until the date of the departure. People who got a notice get another one.',
  })
  @ApiResponse({ status: 200, standardSchema: NetworkView })
  async stay(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<NetworkView> {
    requireOwnNetwork(caller, network);
    return this.views.of(await this.departures.stay(caller, network, reason));
  }
}
