/** Pairings of people with a contact of their own, on networks that grant one for each person who scans a QR code. */
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ask } from '#bus';
import type { ApiKeyRow } from '#database';
import { Problems } from '#http';
import { Network, PairAnswer, PairRequest, requests } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { AuditService } from '../audit/audit.service.js';
import { ConsoleBus } from '../core/console-bus.js';

/** Longer than the adapter waits for its network. */
const ANSWER_MS = 20_000;

const PairingId = z.string().regex(/^[\w-]{1,64}$/);
const PairingCode = PairRequest.pick({ code: true }).required().meta({ id: 'PairingCode' });

@ApiTags('networks')
@ApiBearerAuth()
@Controller('v1/networks/:network/pairings')
export class PairingController {
  constructor(
    private readonly bus: ConsoleBus,
    private readonly audit: AuditService,
  ) {}

  @Post()
  @HttpCode(200)
  @Requires('pairings:write')
  @ApiOperation({
    summary: 'Pair a person',
    description:
      'Begins a pairing. Show `show` as a QR code: who scans it has a contact of their own, through which they reach people of all networks. Only where the capabilities of the network have `pairing`.',
  })
  @ApiResponse({ status: 200, standardSchema: PairAnswer })
  async begin(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
  ): Promise<PairAnswer> {
    requireOwnNetwork(caller, network);
    const answer = await ask(this.bus.link, requests.askPair(network), { act: 'begin' }, ANSWER_MS);
    const change = {
      by: caller,
      action: 'pairing.begun',
      subject: `network/${network}`,
      reason: 'a QR code was requested',
      change: { pairing: answer.id },
    };
    return this.audit.changing(change, () => Promise.resolve(answer));
  }

  @Get(':id')
  @Problems('not-found')
  @Requires('pairings:write')
  @ApiOperation({ summary: 'Show how a pairing stands', description: 'Ask again every second or two.' })
  @ApiResponse({ status: 200, standardSchema: PairAnswer })
  show(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Param('id', { schema: PairingId }) id: string,
  ): Promise<PairAnswer> {
    requireOwnNetwork(caller, network);
    return ask(this.bus.link, requests.askPair(network), { act: 'show', id }, ANSWER_MS);
  }

  @Post(':id/code')
  @HttpCode(200)
  @Problems('not-found')
  @Requires('pairings:write')
  @ApiOperation({
    summary: 'Enter the digits that the phone of the person shows',
    description: 'In state `code-needed`. With wrong digits the state is `code-needed` again.',
  })
  @ApiResponse({ status: 200, standardSchema: PairAnswer })
  enter(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Param('id', { schema: PairingId }) id: string,
    @Body({ schema: PairingCode }) { code }: z.infer<typeof PairingCode>,
  ): Promise<PairAnswer> {
    requireOwnNetwork(caller, network);
    return ask(this.bus.link, requests.askPair(network), { act: 'enter', id, code }, ANSWER_MS);
  }
}
