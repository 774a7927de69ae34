/** Agreements, each for one direction between two networks. Every change needs two admins and the confirmation of the networks. */
import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  Res,
} from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Limits, TRAFFIC_CLASSES } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { PageQuery, pageSchema, type Page } from '../http/page.js';
import { ETAG, expectVersion, tagged, IF_MATCH } from '../http/versions.js';
import { AgreementsService } from './agreements.service.js';
import { AgreementTerms, ChangeView, Reasoned } from './changes.js';
import { Reason } from '../http/free-text.js';
import { ChangesService } from './changes.service.js';

export const AgreementView = z
  .object({
    id: z.uuid(),
    from: z.string().max(40),
    to: z.string().max(40),
    classes: z.array(z.enum(TRAFFIC_CLASSES)).max(TRAFFIC_CLASSES.length),
    limits: Limits.nullable(),
    validFrom: z.string().max(40),
    validTo: z.string().max(40).nullable(),
    version: z.int(),
  })
  .meta({ id: 'AgreementView' });
export type AgreementView = z.infer<typeof AgreementView>;

const Proposal = z.object({ terms: AgreementTerms, reason: Reason }).meta({ id: 'AgreementProposal' });
const ListQuery = PageQuery.extend({
  network: z.string().max(40).optional().describe('Only agreements from or to this network'),
});
const Id = z.uuid();

@ApiTags('agreements')
@ApiBearerAuth()
@Controller('v1')
export class AgreementsController {
  constructor(
    private readonly agreements: AgreementsService,
    private readonly changes: ChangesService,
  ) {}

  @Get('agreements')
  @Requires('agreements:read')
  @ApiOperation({
    summary: 'List agreements',
    description:
      'An agreement allows classes of traffic from one network to another. An operator sees the agreements of their network.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('AgreementPage', AgreementView) })
  list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>,
  ): Promise<Page<AgreementView>> {
    return this.agreements.list(query, caller.network ?? query.network);
  }

  @Get('agreements/:id')
  @Requires('agreements:read')
  @ApiOperation({
    summary: 'Show one agreement',
    description: 'Send its `ETag` as `If-Match` to replace or end it.',
  })
  @ApiResponse({ status: 200, headers: ETAG, standardSchema: AgreementView })
  async show(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AgreementView> {
    const agreement = await this.agreements.find(id, caller.network ?? undefined);
    return tagged(reply, agreement.version, agreement);
  }

  @Post('agreements')
  @HttpCode(202)
  @Requires('exchange:write')
  @ApiOperation({
    summary: 'Propose an agreement',
    description:
      'The agreement takes effect when another admin has approved it and the networks that it binds have confirmed it.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  add(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: Proposal }) { terms, reason }: z.infer<typeof Proposal>,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'agreement.add', terms }, reason);
  }

  @Put('agreements/:id')
  @HttpCode(202)
  @Requires('exchange:write')
  @ApiOperation({
    summary: 'Propose new terms of an agreement',
    description: 'The terms apply after approval and confirmation; until then the old ones apply.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  async replace(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: Proposal }) { terms, reason }: z.infer<typeof Proposal>,
  ): Promise<ChangeView> {
    const { version } = await this.agreements.find(id, undefined);
    expectVersion(ifMatch, version);
    return this.changes.propose(caller, { kind: 'agreement.replace', id, version, terms }, reason);
  }

  @Delete('agreements/:id')
  @HttpCode(202)
  @Requires('exchange:write')
  @ApiOperation({
    summary: 'Propose ending an agreement',
    description: 'The agreement ends after approval and confirmation.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  async end(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<ChangeView> {
    const { version } = await this.agreements.find(id, undefined);
    expectVersion(ifMatch, version);
    return this.changes.propose(caller, { kind: 'agreement.end', id, version }, reason);
  }
}
