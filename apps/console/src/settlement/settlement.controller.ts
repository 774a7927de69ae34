import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Network } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ChangeView } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { keyAfter, MomentKey, pageOf } from '../http/page.js';
import { ETAG, expectVersion, IF_MATCH, tagged } from '../http/versions.js';
import { SettlementService } from './settlement.service.js';
import {
  BusinessDate,
  ConfirmationPage,
  ConfirmationQuery,
  ConfirmationView,
  confirmationView,
  DifferencePage,
  DifferenceQuery,
  DifferenceView,
  differenceView,
  NewDifference,
  Resolution,
} from './settlement.dto.js';

const DifferenceId = z.uuid();
const ConfirmationKey = z.tuple([Network]);

@ApiTags('settlement')
@ApiBearerAuth()
@Controller('v1/business-days/:date')
export class SettlementController {
  constructor(
    private readonly settlement: SettlementService,
    private readonly changes: ChangesService,
  ) {}

  @Post('confirmations')
  @Requires('settlement:confirm')
  @ApiOperation({
    summary: 'Confirm the statement of a closed business day',
    description: 'A member confirms once; further requests get the first confirmation.',
  })
  @ApiResponse({ status: 201, standardSchema: ConfirmationView })
  @ApiResponse({ status: 200, description: 'It was confirmed before', standardSchema: ConfirmationView })
  async confirm(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConfirmationView> {
    const { row, fresh } = await this.settlement.confirm(caller, date);
    if (!fresh) reply.status(200);
    return confirmationView(row);
  }

  @Get('confirmations')
  @Requires('settlement:read')
  @ApiOperation({
    summary: 'List confirmations of a business day',
    description: 'Lists the networks that have confirmed their statement.',
  })
  @ApiResponse({ status: 200, standardSchema: ConfirmationPage })
  async confirmations(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Query({ schema: ConfirmationQuery }) { cursor, limit }: z.infer<typeof ConfirmationQuery>,
  ): Promise<z.infer<typeof ConfirmationPage>> {
    const after = keyAfter(cursor, ConfirmationKey)?.[0] ?? '';
    const rows = await this.settlement.confirmations(date, caller.network, after, limit);
    return pageOf(rows, limit, ({ network }) => [network], confirmationView);
  }

  @Post('differences')
  @Requires('settlement:confirm')
  @ApiOperation({
    summary: 'Raise a difference about the statement of a closed business day',
    description: 'States what the member counts instead. Two admins resolve the difference.',
  })
  @ApiResponse({ status: 201, headers: ETAG, standardSchema: DifferenceView })
  async raise(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Body({ schema: NewDifference }) body: NewDifference,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DifferenceView> {
    const row = await this.settlement.raise(caller, date, body);
    return tagged(reply, row.version, differenceView(row));
  }

  @Get('differences')
  @Requires('settlement:read')
  @ApiOperation({
    summary: 'List differences of a business day, oldest first',
    description: 'An operator sees the differences that their network has raised.',
  })
  @ApiResponse({ status: 200, standardSchema: DifferencePage })
  async differences(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Query({ schema: DifferenceQuery }) { state, cursor, limit }: DifferenceQuery,
  ): Promise<z.infer<typeof DifferencePage>> {
    const key = keyAfter(cursor, MomentKey);
    const after = key && { raisedAt: key[0], id: key[1] };
    const rows = await this.settlement.differences({ date, network: caller.network, state, after, limit });
    return pageOf(rows, limit, (row) => [row.raised_at.toISOString(), row.id], differenceView);
  }

  @Post('differences/:id/resolve')
  @HttpCode(202)
  @Requires('differences:resolve')
  @ApiOperation({
    summary: 'Propose how to resolve a difference',
    description: 'With a reason and, if needed, an adjusting entry. Another admin approves it.',
  })
  @ApiHeader({ ...IF_MATCH, description: 'The `version` that was read, in quotes' })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  async resolve(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Param('id', { schema: DifferenceId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: Resolution }) terms: Resolution,
  ): Promise<ChangeView> {
    const { version } = await this.settlement.difference(date, id);
    expectVersion(ifMatch, version);
    return this.changes.propose(
      caller,
      { kind: 'difference.resolve', date, id, version, terms },
      terms.reason,
    );
  }
}
