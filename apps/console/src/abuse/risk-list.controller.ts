/** Risk of all networks at a glance, and the limits that their messages reach. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { LIMITED_TOWARDS_MAX, RiskLevel } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { keyAfter, NameKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { LIMIT_HOURS, LimitsHitRepository, MOST_PAIRS } from './limits-hit.repository.js';
import { RiskService, type Standing } from './risk.service.js';

const RiskRow = z
  .object({
    network: z.string().max(40),
    risk: RiskLevel,
    since: z.iso.datetime(),
    sentOn: z.int().describe('Messages of its subscribers that the switch routed within the window'),
    people: z.int().describe('Number of different people who complained within the window'),
    late: z.int().describe('Number of these people with a complaint that was not answered in time'),
    perThousand: z.number().min(0).max(1_000_000).describe('Weighted complaints per 1,000 messages'),
    limitedTowards: z
      .array(z.string().max(40))
      .max(LIMITED_TOWARDS_MAX)
      .describe('Networks to which its messages are limited to a tenth'),
  })
  .meta({ id: 'RiskRow' });
const RiskQuery = PageQuery.extend({ level: RiskLevel.optional().describe('Only networks at this level') });
const LimitsHit = z
  .object({
    since: z.iso.datetime(),
    pairs: z
      .array(
        z.object({
          from: z.string().max(40),
          to: z.string().max(40),
          messages: z.int().describe('Messages that ended with code 65'),
          lastAt: z.iso.datetime(),
        }),
      )
      .max(MOST_PAIRS)
      .describe('Those with the most messages first'),
  })
  .meta({ id: 'LimitsHit' });

@ApiTags('abuse')
@ApiBearerAuth()
@Controller('v1/risk')
export class RiskListController {
  constructor(
    private readonly risks: RiskService,
    private readonly limits: LimitsHitRepository,
  ) {}

  @Get()
  @Requires('networks:read')
  @ApiOperation({
    summary: 'List risk levels of networks, by name',
    description: 'An operator sees their own network. `GET /v1/networks/{network}/risk` explains a level.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('RiskPage', RiskRow) })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: RiskQuery }) { cursor, limit, level }: z.infer<typeof RiskQuery>,
  ): Promise<Page<z.infer<typeof RiskRow>>> {
    const [after = ''] = keyAfter(cursor, NameKey) ?? [];
    const all = await this.risks.standings(caller.network ?? undefined);
    const rows = all.filter(
      ({ network, risk }) => network > after && (level === undefined || risk === level),
    );
    return pageOf(rows.slice(0, limit + 1), limit, ({ network }) => [network], riskRow);
  }

  @Get('limits')
  @Requires('networks:read')
  @ApiOperation({
    summary: 'Show which limits were reached',
    description: `Messages that ended because a rate limit was used up (code 65), in the last ${LIMIT_HOURS} hours, by pair of networks. An operator sees the pairs of their network.`,
  })
  @ApiResponse({ status: 200, standardSchema: LimitsHit })
  async limitsHit(@Caller() caller: ApiKeyRow): Promise<z.infer<typeof LimitsHit>> {
    const { since, pairs } = await this.limits.ofLastHours(caller.network);
    return {
      since: since.toISOString(),
      pairs: pairs.map(({ from, to, messages, last_at: lastAt }) => ({
        from,
        to,
        messages,
        lastAt: lastAt.toISOString(),
      })),
    };
  }
}

function riskRow({ limitedTowards, since, ...row }: Standing): z.infer<typeof RiskRow> {
  const { network, risk, sentOn, people, late, perThousand } = row;
  return {
    network,
    risk,
    since: since.toISOString(),
    sentOn,
    people,
    late,
    perThousand,
    limitedTowards: limitedTowards.map((pair) => pair.network),
  };
}
