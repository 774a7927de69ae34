/** The organisations that run networks. */
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { ApiKeyRow, Queries } from '#database';
import { ApiProblem } from '#http';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { AuditService } from '../audit/audit.service.js';
import { ChangeView } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { keyAfter, NameKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { ETAG, expectVersion, tagged, IF_MATCH } from '../http/versions.js';
import {
  NewBilling,
  NewOperator,
  OperatorEdit,
  OperatorId,
  operatorView,
  OperatorView,
} from './operator.dto.js';
import {
  addOperator,
  changeOperator,
  lockOperator,
  operatorOf,
  operatorsAfter,
} from './operators.repository.js';

@ApiTags('members')
@ApiBearerAuth()
@Controller('v1/operators')
export class OperatorsController {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditService,
    private readonly changes: ChangesService,
  ) {}

  @Get()
  @Requires('networks:read')
  @ApiOperation({ summary: 'List operators', description: 'An operator is the company that runs a network.' })
  @ApiResponse({ status: 200, standardSchema: pageSchema('OperatorPage', OperatorView) })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<OperatorView>> {
    const [after] = keyAfter(cursor, NameKey) ?? [];
    const rows = await operatorsAfter(this.database, caller.network, after, limit + 1);
    return pageOf(rows, limit, (row) => [row.id], operatorView);
  }

  @Get(':id')
  @Requires('networks:read')
  @ApiOperation({ summary: 'Show one operator', description: 'Send its `ETag` as `If-Match` to change it.' })
  @ApiResponse({ status: 200, headers: ETAG, standardSchema: OperatorView })
  async show(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: OperatorId }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OperatorView> {
    const found = await this.find(this.database, id, caller.network);
    return tagged(reply, found.version, found);
  }

  @Post()
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Register an operator',
    description: 'An operator is the company that runs a network.',
  })
  @ApiResponse({ status: 201, standardSchema: OperatorView })
  add(
    @Caller() by: ApiKeyRow,
    @Body({ schema: NewOperator }) body: z.infer<typeof NewOperator>,
  ): Promise<OperatorView> {
    const { id, name, contact, reason } = body;
    return this.audit.changing(
      { by, action: 'operator.added', subject: `operator/${id}`, reason, change: { name, contact } },
      async (manager) => {
        const isNew = await addOperator(manager, id, { name, contact });
        if (!isNew) throw new ApiProblem('conflict', `id: ${id} is registered already`);
        return this.find(manager, id, null);
      },
    );
  }

  @Put(':id')
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Change name or contact of an operator',
    description: "The operator's networks are not changed.",
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: OperatorView })
  edit(
    @Caller() by: ApiKeyRow,
    @Param('id', { schema: OperatorId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: OperatorEdit }) { name, contact, reason }: z.infer<typeof OperatorEdit>,
  ): Promise<OperatorView> {
    return this.audit.changing(
      { by, action: 'operator.changed', subject: `operator/${id}`, reason, change: { name, contact } },
      async (manager) => {
        await lockOperator(manager, id);
        expectVersion(ifMatch, (await this.find(manager, id, null)).version);
        await changeOperator(manager, id, { name, contact });
        return this.find(manager, id, null);
      },
    );
  }

  @Put(':id/billing')
  @HttpCode(202)
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Propose legal names and account of an operator',
    description:
      'They stand on the statements of its networks from the next close on. Applied when another admin approves; the networks are told.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  async bill(
    @Caller() by: ApiKeyRow,
    @Param('id', { schema: OperatorId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: NewBilling }) { terms, reason }: z.infer<typeof NewBilling>,
  ): Promise<ChangeView> {
    const { version } = await this.find(this.database, id, null);
    expectVersion(ifMatch, version);
    return this.changes.propose(by, { kind: 'operator.billing', id, version, terms }, reason);
  }

  private async find(queries: Queries, id: string, network: string | null): Promise<OperatorView> {
    const row = await operatorOf(queries, id, network);
    if (!row) throw new ApiProblem('not-found', `no operator ${id}`);
    return operatorView(row);
  }
}
