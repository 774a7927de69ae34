import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Problems } from '#http';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ChangeView } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { keyAfter, MomentKey, pageOf, type Page } from '../http/page.js';
import { BusinessDate } from '../settlement/settlement.dto.js';
import {
  NewPayment,
  OpenPositionPage,
  OpenPositionQuery,
  openPositionView,
  Party,
  PaymentPage,
  PaymentQuery,
  paymentView,
  type OpenPositionView,
  type PaymentView,
} from './payment.dto.js';
import { PaymentsService } from './payments.service.js';

const PositionKey = z.tuple([BusinessDate, Party]);

@ApiTags('settlement')
@ApiBearerAuth()
@Controller('v1')
export class PaymentsController {
  constructor(
    private readonly payments: PaymentsService,
    private readonly changes: ChangesService,
  ) {}

  @Post('business-days/:date/payments')
  @HttpCode(202)
  @Requires('payments:write')
  @ApiOperation({
    summary: 'Propose to record a payment of a position',
    description:
      'Another admin approves it. The party is told, and its next statement has the payment. A payment that was recorded by mistake is corrected by one with the other sign.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  record(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Body({ schema: NewPayment }) { terms, reason }: NewPayment,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'payment.record', date, terms }, reason);
  }

  @Get('payments')
  @Requires('payments:read')
  @Problems('not-found')
  @ApiOperation({
    summary: 'List recorded payments, newest first',
    description: 'An operator or integrator sees those of its own positions.',
  })
  @ApiResponse({ status: 200, standardSchema: PaymentPage })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: PaymentQuery }) { cursor, limit, party, date }: PaymentQuery,
  ): Promise<Page<PaymentView>> {
    const filter = { party: partyOf(caller, party), date: date ?? null, limit };
    const rows = await this.payments.list(filter, keyAfter(cursor, MomentKey));
    return pageOf(rows, limit, ({ created_at: at, id }) => [at.toISOString(), id], paymentView);
  }

  @Get('open-positions')
  @Requires('payments:read')
  @Problems('not-found')
  @ApiOperation({
    summary: 'List positions that are not paid, oldest first',
    description:
      'An operator or integrator sees its own. A position is overdue from the day after its due date.',
  })
  @ApiResponse({ status: 200, standardSchema: OpenPositionPage })
  async open(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: OpenPositionQuery }) { cursor, limit, party, date, overdue }: OpenPositionQuery,
  ): Promise<Page<OpenPositionView>> {
    const filter = { party: partyOf(caller, party), date: date ?? null, limit };
    const rows = await this.payments.open(filter, overdue === 'true', keyAfter(cursor, PositionKey));
    return pageOf(rows, limit, (row) => [row.date, row.party], openPositionView);
  }
}

/** @throws ApiProblem not-found for the party of somebody else */
function partyOf(caller: ApiKeyRow, party: string | undefined): string | null {
  if (party !== undefined) requireOwnNetwork(caller, party);
  return party ?? caller.network;
}
