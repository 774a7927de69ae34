/** The organisations that run networks. */
import { Body, Controller, Get, Headers, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import type { ApiKeyRow, Queries } from '#database';
import { ApiProblem } from '#http';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
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
  type OperatorFacts,
} from './operators.repository.js';

const OperatorId = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/, 'expected small letters, digits and dashes');
const facts = {
  name: freeText(200),
  contact: z.string().min(3).max(500).describe('Contact for incidents: telephone number or mail address'),
};
const LegalNames = z
  .object({ zh: freeText(200).nullable(), en: freeText(200).nullable() })
  .meta({ id: 'LegalNames', examples: [{ zh: '中国移动通信集团有限公司', en: 'China Mobile Group Co., Ltd.' }] })
  .describe('Registered names of the company, as on its statements');
const Account = freeText(200)
  .nullable()
  .describe('Bank and account number, as text on the statements of its networks');
/** Left out: unknown, or unchanged. */
const billing = { legalName: LegalNames.optional(), account: Account.optional() };
const NewOperator = z.object({ id: OperatorId, ...facts, ...billing, reason: Reason }).meta({
  id: 'NewOperator',
  examples: [{ id: 'cmcc', name: 'China Mobile', contact: 'noc@example.cn', reason: 'applied in writing' }],
});
const OperatorEdit = z.object({ ...facts, ...billing, reason: Reason }).meta({ id: 'OperatorEdit' });
const OperatorView = z
  .object({
    id: z.string().max(4000),
    ...facts,
    legalName: LegalNames,
    account: Account,
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
    private readonly announcements: AnnouncementsRepository,
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
    const { id, reason, ...given } = body;
    return this.audit.changing(
      { by, action: 'operator.added', subject: `operator/${id}`, reason, change: given },
      async (manager) => {
        const isNew = await addOperator(manager, id, factsOf(given));
        if (!isNew) throw new ApiProblem('conflict', `id: ${id} is registered already`);
        return this.find(manager, id, null);
      },
    );
  }

  @Put(':id')
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Change name, contact or billing facts of an operator',
    description:
      "The operator's networks are not changed; they are told when its legal name or account changes. A statement keeps what was registered when its day was closed.",
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, standardSchema: OperatorView })
  edit(
    @Caller() by: ApiKeyRow,
    @Param('id', { schema: OperatorId }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: OperatorEdit }) { reason, ...given }: z.infer<typeof OperatorEdit>,
  ): Promise<OperatorView> {
    return this.audit.changing(
      { by, action: 'operator.changed', subject: `operator/${id}`, reason, change: given },
      async (manager) => {
        await lockOperator(manager, id);
        const before = await this.find(manager, id, null);
        expectVersion(ifMatch, before.version);
        await changeOperator(manager, id, factsOf(given, before));
        const after = await this.find(manager, id, null);
        await this.tell(manager, before, after);
        return after;
      },
    );
  }

  /** Where the money of a member goes concerns it: its people must notice a change that they did not ask for. */
  private async tell(manager: EntityManager, before: OperatorView, after: OperatorView): Promise<void> {
    const billingOf = ({ legalName: { zh, en }, account }: OperatorView) => JSON.stringify([zh, en, account]);
    if (billingOf(before) === billingOf(after)) return;
    for (const network of after.networks)
      await this.announcements.announce(manager, {
        network,
        kind: 'settlement',
        subject: `operator/${after.id}`,
        words: `The legal name or account of ${after.name} was changed: later statements show the new one. If you did not ask for this, tell an admin.`,
      });
  }

  private async find(queries: Queries, id: string, network: string | null): Promise<OperatorView> {
    const row = await operatorOf(queries, id, network);
    if (!row) throw new ApiProblem('not-found', `no operator ${id}`);
    return view(row);
  }
}

/** @param before kept where nothing else is given */
function factsOf(
  { name, contact, legalName, account }: Omit<z.infer<typeof OperatorEdit>, 'reason'>,
  before?: OperatorView,
): OperatorFacts {
  const { zh, en } = legalName ?? before?.legalName ?? { zh: null, en: null };
  return { name, contact, legalNameZh: zh, legalNameEn: en, account: account === undefined ? (before?.account ?? null) : account };
}

function view(row: OperatorColumns): OperatorView {
  const { id, name, contact, account, networks, version } = row;
  return {
    id,
    name,
    contact,
    legalName: { zh: row.legal_name_zh, en: row.legal_name_en },
    account,
    networks,
    version,
    createdAt: row.created_at.toISOString(),
  };
}
