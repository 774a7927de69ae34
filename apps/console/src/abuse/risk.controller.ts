import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { LIMITED_TOWARDS_MAX, Network, network as networkSlug, RiskLevel } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { explained, RISK_RULES } from './risk-rules.js';
import { ChangeView, Reasoned } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { REPORTER_RULES } from './reporter-rules.js';
import { RiskService } from './risk.service.js';

const Threshold = z.object({
  up: z
    .number()
    .min(0)
    .max(1000)
    .describe('Weighted complaints per 1,000 messages from which this level applies'),
  down: z
    .number()
    .min(0)
    .max(1000)
    .describe('Weighted complaints per 1,000 messages below which this level ends'),
});
const PairLimit = z.object({
  network: Network,
  since: z.string().max(40),
  people: z.int().describe('Number of people of that network who complained within the window'),
  late: z.int(),
  sentOn: z.int().describe('Messages that the switch routed to that network within the window'),
  perThousand: z.number().min(0).max(1_000_000),
});
const Reporting = z
  .object({
    standing: z
      .int()
      .describe('Number of people whose complaints were not dismissed, once for each accused network'),
    dismissed: z.int().describe('Number of people whose complaints two admins dismissed'),
    reliable: z.boolean(),
    weight: z.number().min(0).max(1).describe('Weight of its complaints'),
    perDay: z.int().describe('Maximum number of its reports within 24 hours'),
  })
  .describe(`The network as a reporter, in ${REPORTER_RULES.windowDays} days`);
const RiskLift = Reasoned.extend({
  towards: Network.nullable()
    .default(null)
    .describe('Other network of the limited pair; null: the level of the network itself'),
}).meta({ id: 'RiskLift', examples: [{ towards: 'wechat', reason: 'the complaints were answered' }] });
const RiskDismissal = Reasoned.extend({
  reporter: Network.describe('Network whose open reports about this network are dismissed'),
}).meta({ id: 'RiskDismissal', examples: [{ reporter: 'wechat', reason: 'made up: nobody complained' }] });
const RiskView = z
  .object({
    network: z.string().max(40),
    risk: RiskLevel,
    since: z.string().max(40),
    sentOn: z.int().describe('Messages of its subscribers that the switch routed within the window'),
    people: z
      .int()
      .describe(
        'Number of different people who complained, within the window, about a message that was delivered to them',
      ),
    late: z
      .int()
      .describe(
        'Number of these people with a complaint that was not answered within its deadline; they count double',
      ),
    operators: z
      .int()
      .describe(
        'Number of independent operators of these people; complaints of one operator alone change no level',
      ),
    unproven: z.int().describe('Number of reports without a delivered message, which do not count'),
    perThousand: z
      .number()
      .min(0)
      .max(1_000_000)
      .describe('Weighted complaints per 1,000 messages (formula: docs/stand-in-and-risk.md)'),
    explanation: z.string().max(4000),
    limitedTowards: z
      .array(PairLimit)
      .max(LIMITED_TOWARDS_MAX)
      .describe('Networks to which its messages are limited to a tenth'),
    reporting: Reporting,
    rules: z.object({
      warned: Threshold,
      throttled: Threshold,
      suspended: Threshold,
      pair: Threshold.extend({ minimumSentOn: z.int(), minimumPeople: z.int() }),
      capPerThousand: z
        .number()
        .min(0)
        .max(1000)
        .describe('Maximum of complaints per 1,000 messages that one reporting network counts with'),
      minimumSentOn: z.int(),
      windowDays: z.int(),
    }),
  })
  .meta({ id: 'NetworkRisk' });

@ApiTags('abuse')
@ApiBearerAuth()
@Controller('v1/networks')
export class RiskController {
  constructor(
    private readonly risks: RiskService,
    private readonly changes: ChangesService,
  ) {}

  @Get(':network/risk')
  @Requires('networks:read')
  @ApiOperation({
    summary: 'Show the risk level of a network',
    description: 'Shows the complaints that count and the measures that follow from them.',
  })
  @ApiResponse({ status: 200, standardSchema: RiskView })
  async show(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
  ): Promise<z.infer<typeof RiskView>> {
    requireOwnNetwork(caller, network);
    const standing = await this.risks.standing(network);
    if (!standing) throw new ApiProblem('not-found', `no network ${network}`);
    const { levels, pair, capPerThousand, minimumSentOn, windowDays } = RISK_RULES;
    const { limitedTowards, ...figures } = standing;
    return {
      ...figures,
      since: standing.since.toISOString(),
      limitedTowards: limitedTowards.map((one) => ({
        ...one,
        network: networkSlug(one.network),
        since: one.since.toISOString(),
      })),
      explanation: explained(standing.risk, standing, RISK_RULES),
      rules: { ...levels, pair, capPerThousand, minimumSentOn, windowDays },
    };
  }

  @Post(':network/risk/lift')
  @HttpCode(202)
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Propose lifting a risk measure',
    description: 'The same complaints do not trigger the measure again.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  lift(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: RiskLift }) { towards, reason }: z.infer<typeof RiskLift>,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'risk.lift', network, towards }, reason);
  }

  @Post(':network/risk/dismiss')
  @HttpCode(202)
  @Requires('networks:write')
  @ApiOperation({
    summary: 'Propose dismissing complaints of one network',
    description: 'The complaints then count against the reporting network.',
  })
  @ApiResponse({ status: 202, standardSchema: ChangeView })
  dismiss(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: RiskDismissal }) { reporter, reason }: z.infer<typeof RiskDismissal>,
  ): Promise<ChangeView> {
    return this.changes.propose(caller, { kind: 'risk.dismiss', network, reporter }, reason);
  }
}
