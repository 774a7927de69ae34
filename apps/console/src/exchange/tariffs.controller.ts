/** Tariffs, routes and the phase of the federation. Changes need two admins and the confirmation of the networks. */
import { Body, Controller, Delete, Get, Headers, HttpCode, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ShareRule } from '#clearing';
import type { ApiKeyRow } from '#database';
import { Phase, TRAFFIC_CLASSES, UNIT_OF } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { Moment } from '../http/dates.js';
import { keyAfter, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { versionedPhase } from '../registry/registry.repository.js';
import { Reason } from '../http/free-text.js';
import { ETAG, expectVersion, tagged, IF_MATCH } from '../http/versions.js';
import { ChangeView, RouteTerms } from './changes.js';
import { ChangesService } from './changes.service.js';
import { PairTariffTerms, TariffTerms } from './tariff-terms.js';
import { routesAfter, tariffsAfter, type TariffColumns } from './tariffs.repository.js';
import { decimalOf } from '../settlement/amount.js';

export const TariffView = z
  .object({
    id: z.uuid(),
    from: z.string().max(40),
    to: z.string().max(40),
    class: z.enum(TRAFFIC_CLASSES),
    unit: z.string().max(100),
    validFrom: z.string().max(40),
    terminationFee: z.string().max(100),
    switchFee: z.string().max(100),
    billAndKeepPermille: z.int().nullable(),
    shares: z.array(ShareRule).max(16),
  })
  .meta({ id: 'TariffView' });
export type TariffView = z.infer<typeof TariffView>;
const RouteView = z
  .object({
    kind: z.enum(['domain', 'prefix', 'rcs', 'sms', 'voice']),
    key: z.string().max(200),
    network: z.string().max(40),
    since: z.string().max(40),
  })
  .meta({ id: 'RouteView' });
type RouteView = z.infer<typeof RouteView>;
const TariffProposal = z.object({ terms: TariffTerms, reason: Reason }).meta({ id: 'TariffProposal' });
const PairTariffProposal = z
  .object({ terms: PairTariffTerms, reason: Reason })
  .meta({ id: 'PairTariffProposal' });
const RouteProposal = z.object({ terms: RouteTerms, reason: Reason }).meta({ id: 'RouteProposal' });
const PhaseProposal = z.object({ terms: Phase, reason: Reason }).meta({
  id: 'PhaseProposal',
  examples: [{ terms: { phase: 'anchor', anchor: 'wechat' }, reason: 'first each with Tencent' }],
});

const TariffKey = z.tuple([z.string().max(40), z.string().max(40), z.string().max(40), Moment]);

@ApiTags('tariffs and routes')
@ApiBearerAuth()
@Controller('v1')
export class TariffsController {
  constructor(
    private readonly database: DataSource,
    private readonly changes: ChangesService,
  ) {}

  @Get('tariffs')
  @Requires('agreements:read')
  @ApiOperation({
    summary: 'List tariffs',
    description:
      'Lists all versions of all tariffs. An operator sees the tariffs that their network pays or is paid by.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('TariffPage', TariffView) })
  async tariffs(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<TariffView>> {
    const [from, to, kind, at] = keyAfter(cursor, TariffKey) ?? [];
    const after = from === undefined ? undefined : [from, to, kind, at];
    const rows = await tariffsAfter(this.database, caller.network, after, limit + 1);
    return pageOf(
      rows,
      limit,
      (row) => [row.from_network, row.to_network, row.class, row.valid_from.toISOString()],
      tariffView,
    );
  }

  @Post('tariffs')
  @HttpCode(202)
  @Requires('exchange:write')
  @ApiOperation({
    summary: 'Propose a tariff',
    description:
      'The tariff applies to messages from `validFrom` on. Records that are already rated do not change.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  addTariff(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: TariffProposal }) { terms, reason }: z.infer<typeof TariffProposal>,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'tariff.add', terms }, reason);
  }

  @Post('tariffs/pairs')
  @HttpCode(202)
  @Requires('exchange:write')
  @ApiOperation({
    summary: 'Propose the whole tariff of a pair of networks',
    description:
      'Both directions and any number of classes in one change: it is approved, confirmed and applied as a whole. Classes that it does not name keep their tariffs.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  addPairTariff(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: PairTariffProposal }) { terms, reason }: z.infer<typeof PairTariffProposal>,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'tariff.pair', terms }, reason);
  }

  @Get('routes')
  @Requires('agreements:read')
  @ApiOperation({ summary: 'List routes', description: 'Lists the routes by domain and by number prefix.' })
  @ApiResponse({ status: 200, standardSchema: pageSchema('RoutePage', RouteView) })
  async routes(@Query({ schema: PageQuery }) { cursor, limit }: PageQuery): Promise<Page<RouteView>> {
    const [kind, key] = keyAfter(cursor, z.tuple([z.string().max(40), z.string().max(200)])) ?? [];
    const after = kind === undefined ? undefined : [kind, key];
    const rows = await routesAfter(this.database, after, limit + 1);
    return pageOf(
      rows,
      limit,
      (row) => [row.kind, row.key],
      (row) => ({ ...row, since: row.since.toISOString() }),
    );
  }

  @Post('routes')
  @HttpCode(202)
  @Requires('exchange:write')
  @ApiOperation({
    summary: 'Propose a route',
    description: 'The route leads a domain or a number prefix to a network.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  setRoute(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: RouteProposal }) { terms, reason }: z.infer<typeof RouteProposal>,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'route.set', terms }, reason);
  }

  @Delete('routes')
  @HttpCode(202)
  @Requires('exchange:write')
  @ApiOperation({
    summary: 'Propose deleting a route',
    description: 'The route is deleted when another admin has approved the change.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  removeRoute(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: RouteProposal }) { terms, reason }: z.infer<typeof RouteProposal>,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'route.remove', terms }, reason);
  }

  @Get('phase')
  @Requires('agreements:read')
  @ApiOperation({
    summary: 'Show the phase of the federation',
    description:
      'In phase `anchor` every pair of networks includes the anchor network; in phase `mesh` any two networks with an agreement exchange messages.',
  })
  @ApiResponse({ status: 200, headers: ETAG, standardSchema: Phase })
  async phase(@Res({ passthrough: true }) reply: FastifyReply): Promise<Phase> {
    const { phase, version } = await versionedPhase(this.database.manager);
    return tagged(reply, version, phase);
  }

  @Put('phase')
  @HttpCode(202)
  @Requires('exchange:write')
  @ApiOperation({
    summary: 'Propose another phase of the federation',
    description: 'The phase changes after approval and confirmation.',
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  async setPhase(
    @Caller() caller: ApiKeyRow,
    @Headers('if-match') ifMatch: string | undefined,
    @Body({ schema: PhaseProposal }) { terms, reason }: z.infer<typeof PhaseProposal>,
  ): Promise<ChangeView> {
    const { version } = await versionedPhase(this.database.manager);
    expectVersion(ifMatch, version);
    return this.changes.propose(caller, { kind: 'phase.set', version, terms }, reason);
  }
}

export function tariffView(row: TariffColumns): TariffView {
  return {
    id: row.id,
    from: row.from_network,
    to: row.to_network,
    class: row.class,
    unit: UNIT_OF[row.class],
    validFrom: row.valid_from.toISOString(),
    terminationFee: decimalOf(BigInt(row.termination_fee)),
    switchFee: decimalOf(BigInt(row.switch_fee)),
    billAndKeepPermille: row.bill_and_keep_permille,
    shares: row.shares,
  };
}
