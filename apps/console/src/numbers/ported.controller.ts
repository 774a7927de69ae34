import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { E164, type Network } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ChangeView, PortedTerms } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { keyAfter, NameKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { Reason } from '../http/free-text.js';
import { portedAfter, type PortedColumns } from './numbers.repository.js';

const PortedProposal = z.object({ terms: PortedTerms, reason: Reason }).meta({ id: 'PortedProposal' });
const PortedView = z
  .object({
    number: z.string().max(100),
    network: z.string().max(40),
    address: z.string().max(20_000).nullable(),
    since: z.string().max(40),
  })
  .meta({ id: 'PortedView' });
type PortedView = z.infer<typeof PortedView>;
const PortedPage = pageSchema('PortedPage', PortedView);
const ReasonQuery = z.object({ reason: Reason });

@ApiTags('routes')
@ApiBearerAuth()
@Controller('v1/routes/ported')
export class PortedController {
  constructor(
    private readonly database: DataSource,
    private readonly changes: ChangesService,
  ) {}

  @Get()
  @Requires('ported:read')
  @ApiOperation({
    summary: 'List ported numbers',
    description:
      'Lists the numbers that have moved to another network, with their present destination. An operator sees those that were ported to their network.',
  })
  @ApiResponse({ status: 200, standardSchema: PortedPage })
  async list(
    @Caller() { network }: ApiKeyRow,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<PortedView>> {
    const [after] = keyAfter(cursor, NameKey) ?? [''];
    const rows = await portedAfter(this.database, after, network as Network | null, limit + 1);
    return pageOf(rows, limit, ({ key }) => [key], view);
  }

  @Post()
  @HttpCode(202)
  @Requires('ported:write')
  @ApiOperation({
    summary: 'Propose porting a number',
    description: 'The number then leads to a network, or to one address in it.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  port(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: PortedProposal }) { terms, reason }: z.infer<typeof PortedProposal>,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'number.port', terms }, reason);
  }

  @Delete(':number')
  @HttpCode(202)
  @Requires('ported:write')
  @ApiOperation({
    summary: 'Propose removing a ported number',
    description: 'The number then leads where its verified link or its prefix route says.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  restore(
    @Caller() caller: ApiKeyRow,
    @Param('number', { schema: E164 }) number: E164,
    @Query({ schema: ReasonQuery }) { reason }: z.infer<typeof ReasonQuery>,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'number.restore', number }, reason);
  }
}

function view({ key, network, address, since }: PortedColumns): PortedView {
  return { number: `+${key}`, network, address, since: since.toISOString() };
}
