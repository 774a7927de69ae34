/** The organisations that run networks. */
import { Body, Controller, Get, Headers, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { ApiKeyRow, Queries } from '#database';
import { ApiProblem } from '#http';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { AuditService } from '../audit/audit.service.js';
import { freeText, Reason } from '../http/free-text.js';
import { keyAfter, NameKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { ETAG, expectVersion, tagged, IF_MATCH } from '../http/versions.js';
import {
  addOperator,
  changeOperator,
  lockOperator,
  operatorOf,
  operatorsAfter,
  type OperatorColumns,
} from './operators.repository.js';

const OperatorId = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'expected small letters, digits and dashes');
const facts = {
  name: freeText(200),
  contact: z.string().min(3).max(500).describe('Contact for incidents: telephone number or mail address'),
};
const NewOperator = z.object({ id: OperatorId, ...facts, reason: Reason }).meta({
  id: 'NewOperator',
  examples: [{ id: 'cmcc', name: 'China Mobile', contact: 'noc@example.cn', reason: 'applied in writing' }],
});
const OperatorEdit = z.object({ ...facts, reason: Reason }).meta({ id: 'OperatorEdit' });
const OperatorView = z
  .object({
    id: z.string().max(4000),
    ...facts,
    networks: z.array(z.string().max(40)).max(1000),
    version: z.int(),
    createdAt: z.string().max(40),
  })
  .meta({ id: 'OperatorView' });
type OperatorView = z.infer<typeof OperatorView>;

@ApiTags('members')
@ApiBearerAuth()
@Controller('v1/operators')
export class OperatorsController {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditService,
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
    return pageOf(rows, limit, (row) => [row.id], view);
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

  private async find(queries: Queries, id: string, network: string | null): Promise<OperatorView> {
    const row = await operatorOf(queries, id, network);
    if (!row) throw new ApiProblem('not-found', `no operator ${id}`);
    return view(row);
  }
}

function view({ created_at: createdAt, ...row }: OperatorColumns): OperatorView {
  return { ...row, createdAt: createdAt.toISOString() };
}
