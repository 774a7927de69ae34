import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ChangeView } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { keyAfter, MomentKey, pageOf } from '../http/page.js';
import { ETAG, expectVersion, tagged, IF_MATCH } from '../http/versions.js';
import {
  detailOf,
  DisputeDetail,
  DisputePage,
  DisputeQuery,
  Evidence,
  NewDispute,
  Review,
  Ruling,
  Schedule,
  scheduleView,
  Statement,
  viewOf,
} from './disputes.dto.js';
import { DisputesService, type Act } from './disputes.service.js';
import type { DisputeRow } from './disputes.repository.js';

const DisputeId = z.uuid();

/** Route and OpenAPI of a step of one side. */
const Step = (name: string, summary: string, description: string): MethodDecorator => {
  const decorators = [
    Post(`:id/${name}`),
    HttpCode(200),
    ApiOperation({ summary, description: `${description} Deadlines follow from the state of the dispute.` }),
    ApiHeader(IF_MATCH),
    ApiResponse({ status: 200, headers: ETAG, standardSchema: DisputeDetail }),
  ];
  return (target, property, descriptor) => {
    for (const decorate of decorators) decorate(target, property, descriptor);
  };
};

@ApiTags('disputes')
@ApiBearerAuth()
@Controller('v1/disputes')
export class DisputesController {
  constructor(
    private readonly disputes: DisputesService,
    private readonly changes: ChangesService,
  ) {}

  @Post()
  @Requires('disputes:write')
  @ApiOperation({
    summary: 'Open a dispute',
    description: 'Disputes the charge for one message with the other network of its detail record.',
  })
  @ApiResponse({ status: 201, headers: ETAG, standardSchema: DisputeDetail })
  async open(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: NewDispute }) body: NewDispute,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DisputeDetail> {
    return this.detail(await this.disputes.open(caller, body), reply);
  }

  @Get()
  @Requires('disputes:read')
  @ApiOperation({
    summary: 'List disputes, newest first',
    description: 'An operator sees the disputes of their network.',
  })
  @ApiResponse({ status: 200, standardSchema: DisputePage })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: DisputeQuery }) { state, network, cursor, limit }: DisputeQuery,
  ): Promise<z.infer<typeof DisputePage>> {
    const own = caller.role === 'operator' ? caller.network : undefined;
    const key = keyAfter(cursor, MomentKey);
    const before = key && { openedAt: key[0], id: key[1] };
    const networks = [own, network].filter((one) => typeof one === 'string');
    const rows = await this.disputes.list({ state, networks, before, limit });
    return pageOf(rows, limit, (row) => [row.opened_at.toISOString(), row.id], viewOf);
  }

  @Get('schedule')
  @Requires('disputes:read')
  @ApiOperation({
    summary: 'Show the schedule of disputes',
    description: 'Shows what can be claimed, within how many days, and the fee of each kind of dispute.',
  })
  @ApiResponse({ status: 200, standardSchema: Schedule })
  schedule(): z.infer<typeof Schedule> {
    return scheduleView();
  }

  @Get(':id')
  @Requires('disputes:read')
  @ApiOperation({
    summary: 'Show one dispute',
    description: 'Shows the dispute with its history. Send its `ETag` as `If-Match` with the next step.',
  })
  @ApiResponse({ status: 200, headers: ETAG, standardSchema: DisputeDetail })
  async show(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: DisputeId }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DisputeDetail> {
    return this.detail(await this.disputes.find(caller, id), reply);
  }

  @Step('request-evidence', 'Ask the respondent for evidence', 'A step of the claimant.')
  @Requires('disputes:write')
  requestEvidence(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: DisputeId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: Statement }) body: z.infer<typeof Statement>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DisputeDetail> {
    return this.act(caller, id, ifMatch, { action: 'request-evidence', ...body }, reply);
  }

  @Step('answer', 'Give evidence', 'A step of the respondent, who was asked for evidence.')
  @Requires('disputes:write')
  answer(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: DisputeId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: Evidence }) body: z.infer<typeof Evidence>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DisputeDetail> {
    return this.act(caller, id, ifMatch, { action: 'answer', ...body }, reply);
  }

  @Step('charge-back', 'Charge back', 'A step of the claimant, who does not accept the evidence.')
  @Requires('disputes:write')
  chargeBack(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: DisputeId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: Statement }) body: z.infer<typeof Statement>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DisputeDetail> {
    return this.act(caller, id, ifMatch, { action: 'charge-back', ...body }, reply);
  }

  @Step('represent', 'Represent', 'A step of the respondent, with evidence against the charge-back.')
  @Requires('disputes:write')
  represent(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: DisputeId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: Evidence }) body: z.infer<typeof Evidence>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DisputeDetail> {
    return this.act(caller, id, ifMatch, { action: 'represent', ...body }, reply);
  }

  @Post(':id/arbitrate')
  @HttpCode(202)
  @Requires('disputes:arbitrate')
  @ApiOperation({
    summary: 'Propose a ruling on a dispute',
    description: 'The ruling applies when another admin has approved it.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  async arbitrate(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: DisputeId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: Ruling }) terms: Ruling,
  ): Promise<ChangeView> {
    const { version } = await this.disputes.find(caller, id);
    expectVersion(ifMatch, version);
    return this.changes.propose(caller, { kind: 'dispute.rule', id, version, terms }, terms.text);
  }

  @Post(':id/review')
  @HttpCode(202)
  @Requires('disputes:arbitrate')
  @ApiOperation({
    summary: 'Propose a review of a default ruling',
    description:
      'Confirms or overturns a ruling that followed from a missed deadline. Another admin approves it.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  async review(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: DisputeId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: Review }) terms: Review,
  ): Promise<ChangeView> {
    const { version } = await this.disputes.find(caller, id);
    expectVersion(ifMatch, version);
    return this.changes.propose(caller, { kind: 'dispute.review', id, version, terms }, terms.text);
  }

  @Step('accept', 'Accept the claim', 'A step of the respondent. Closes the dispute; the claim is paid.')
  @Requires('disputes:write')
  accept(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: DisputeId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: Statement }) body: z.infer<typeof Statement>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DisputeDetail> {
    return this.act(caller, id, ifMatch, { action: 'accept', ...body }, reply);
  }

  @Step('withdraw', 'Withdraw the claim', 'A step of the claimant. Closes the dispute.')
  @Requires('disputes:write')
  withdraw(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: DisputeId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: Statement }) body: z.infer<typeof Statement>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DisputeDetail> {
    return this.act(caller, id, ifMatch, { action: 'withdraw', ...body }, reply);
  }

  private async act(
    caller: ApiKeyRow,
    id: string,
    ifMatch: string | undefined,
    what: Act,
    reply: FastifyReply,
  ): Promise<DisputeDetail> {
    return this.detail(await this.disputes.act(caller, id, ifMatch, what), reply);
  }

  private async detail(row: DisputeRow, reply: FastifyReply): Promise<DisputeDetail> {
    return tagged(reply, row.version, detailOf(row, await this.disputes.steps(row.id)));
  }
}
