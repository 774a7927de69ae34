import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Network, RiskLevel } from '#protocol';
import { Caller, mayTouch } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { Problem } from '../http/problem.js';
import { explained, perThousand, RISK_RULES } from './risk-rules.js';
import { RiskService } from './risk.service.js';
import { ApiProblem } from '../http/problems.js';

const Threshold = z.object({
  up: z.number().min(0).max(1000).describe('From so many per thousand on, down to this level'),
  down: z.number().min(0).max(1000).describe('Below so many, back from it'),
});
const RiskView = z
  .object({
    network: z.string().max(40),
    risk: RiskLevel,
    since: z.string().max(40),
    sentOn: z.int().describe('Messages of its subscribers that the switch sent on, in the window'),
    complaints: z.int().describe('That name such a message; the late ones counted double'),
    late: z.int().describe('Of these, not answered when they were due'),
    unproven: z.int().describe('That name none, and do not count'),
    perThousand: z.number().min(0).max(1_000_000),
    explanation: z.string().max(4000),
    rules: z.object({
      warned: Threshold,
      throttled: Threshold,
      suspended: Threshold,
      minimumSentOn: z.int(),
      windowDays: z.int(),
    }),
  })
  .meta({ id: 'NetworkRisk' });

@ApiTags('abuse')
@ApiBearerAuth()
@ApiResponse({ status: 'default', standardSchema: Problem })
@Controller('v1/networks')
export class RiskController {
  constructor(@Inject(RiskService) private readonly risks: RiskService) {}

  @Get(':network/risk')
  @Requires('networks:read')
  @ApiOperation({ summary: 'How complaints weigh on a network, and why' })
  @ApiResponse({ status: 200, standardSchema: RiskView })
  async show(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
  ): Promise<z.infer<typeof RiskView>> {
    mayTouch(caller, network);
    const standing = await this.risks.standing(network);
    if (!standing) throw new ApiProblem('not-found', `no network ${network}`);
    const { levels, minimumSentOn, windowDays } = RISK_RULES;
    return {
      ...standing,
      since: standing.since.toISOString(),
      perThousand: perThousand(standing),
      explanation: explained(standing.risk, standing, RISK_RULES),
      rules: { ...levels, minimumSentOn, windowDays },
    };
  }
}
