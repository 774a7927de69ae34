/** History of agreements, tariffs, routes and the phase. An operator sees the versions that bound their network. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { TRAFFIC_CLASSES } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { AgreementsService } from './agreements.service.js';
import { HistoryRepository, type HistoryQuery, type HistoryRow } from './history.repository.js';
import { NetworkOrAny } from './tariff-terms.js';
import {
  agreementAfter,
  phaseAfter,
  routeAfter,
  tariffAfter,
  versionsOf,
  VersionView,
  type TermsAfter,
} from './versions.js';

const Id = z.uuid();
const TariffQuery = PageQuery.extend({
  from: NetworkOrAny,
  to: NetworkOrAny,
  class: z.enum(TRAFFIC_CLASSES).describe('Class of traffic'),
});
const RouteQuery = PageQuery.extend({
  kind: z.enum(['prefix', 'rcs', 'sms', 'voice', 'domain']).describe('Kind of the route'),
  key: z.string().min(1).max(200).describe('Prefix of telephone numbers, or domain'),
});
const VersionPage = pageSchema('VersionPage', VersionView);
const DESCRIPTION =
  'Each version with who proposed, approved and confirmed it, and its difference to the one before. An operator sees the versions that bound their network.';

@ApiTags('history')
@ApiBearerAuth()
@Controller('v1')
export class HistoryController {
  constructor(
    private readonly agreements: AgreementsService,
    private readonly rows: HistoryRepository,
  ) {}

  @Get('agreements/:id/history')
  @Requires('agreements:read')
  @ApiOperation({ summary: 'List all versions of an agreement, newest first', description: DESCRIPTION })
  @ApiResponse({ status: 200, standardSchema: VersionPage })
  async ofAgreement(
    @Caller() { network }: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: PageQuery }) page: PageQuery,
  ): Promise<Page<VersionView>> {
    const query = queryOf(network, page);
    await this.agreements.find(id, network ?? undefined);
    return versionPage(await this.rows.ofAgreement(id, query), page.limit, agreementAfter);
  }

  @Get('tariffs/history')
  @Requires('agreements:read')
  @ApiOperation({ summary: 'List all versions of a tariff, newest first', description: DESCRIPTION })
  @ApiResponse({ status: 200, standardSchema: VersionPage })
  async ofTariff(
    @Caller() { network }: ApiKeyRow,
    @Query({ schema: TariffQuery }) { from, to, class: kind, ...page }: z.infer<typeof TariffQuery>,
  ): Promise<Page<VersionView>> {
    const line = { from, to, class: kind };
    const rows = await this.rows.ofTariff(line, queryOf(network, page));
    return versionPage(rows, page.limit, tariffAfter(line));
  }

  @Get('routes/history')
  @Requires('agreements:read')
  @ApiOperation({ summary: 'List all versions of a route, newest first', description: DESCRIPTION })
  @ApiResponse({ status: 200, standardSchema: VersionPage })
  async ofRoute(
    @Caller() { network }: ApiKeyRow,
    @Query({ schema: RouteQuery }) { kind, key, ...page }: z.infer<typeof RouteQuery>,
  ): Promise<Page<VersionView>> {
    const rows = await this.rows.ofRoute({ kind, key }, queryOf(network, page));
    return versionPage(rows, page.limit, routeAfter);
  }

  @Get('phase/history')
  @Requires('agreements:read')
  @ApiOperation({ summary: 'List all versions of the phase, newest first', description: DESCRIPTION })
  @ApiResponse({ status: 200, standardSchema: VersionPage })
  async ofPhase(
    @Caller() { network }: ApiKeyRow,
    @Query({ schema: PageQuery }) page: PageQuery,
  ): Promise<Page<VersionView>> {
    return versionPage(await this.rows.ofPhase(queryOf(network, page)), page.limit, phaseAfter);
  }
}

/** One row more than is shown: it tells whether there are more, and what the last one shown changed. */
function queryOf(network: string | null, { cursor, limit }: PageQuery): HistoryQuery {
  return { network, before: keyAfter(cursor, MomentKey), limit: limit + 1 };
}

function versionPage(rows: HistoryRow[], limit: number, termsAfter: TermsAfter): Page<VersionView> {
  const { next } = pageOf(
    rows,
    limit,
    (row) => [row.ended_at.toISOString(), row.id],
    (row) => row,
  );
  return { items: versionsOf(rows, limit, termsAfter), next };
}
