/** Acceptance rules, which only operators of the network add and withdraw. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { AcceptanceRuleView, NewAcceptanceRule } from './acceptance-rules.js';
import { AcceptanceRulesRepository } from './acceptance-rules.repository.js';
import { Reasoned } from './changes.js';

const Id = z.uuid();

@ApiTags('changes')
@ApiBearerAuth()
@Controller('v1/acceptance-rules')
export class AcceptanceRulesController {
  constructor(
    private readonly rules: AcceptanceRulesRepository,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  @Get()
  @Requires('acceptance-rules:read')
  @ApiOperation({
    summary: 'List acceptance rules, newest first',
    description:
      'An acceptance rule confirms, for one network, future changes within its bounds. An operator sees the rules of their network.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('AcceptanceRulePage', AcceptanceRuleView) })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<AcceptanceRuleView>> {
    const rows = await this.rules.list(caller.network, keyAfter(cursor, MomentKey), limit + 1);
    return pageOf(
      rows,
      limit,
      ({ createdAt, id }) => [createdAt, id],
      (row) => row,
    );
  }

  @Post()
  @Requires('acceptance-rules:write')
  @ApiOperation({
    summary: 'Add an acceptance rule',
    description: 'Changes within the bounds of the rule are confirmed for your network without a request.',
  })
  @ApiResponse({ status: 201, standardSchema: AcceptanceRuleView })
  add(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: NewAcceptanceRule }) { terms, reason }: z.infer<typeof NewAcceptanceRule>,
  ): Promise<AcceptanceRuleView> {
    const by = operatorOf(caller);
    const step = { by: caller, action: 'acceptance-rule.set', subject: `network/${by.network}`, reason };
    return this.audit.changing({ ...step, change: terms }, (manager) =>
      this.rules.add(manager, by, terms, reason, this.now()),
    );
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Requires('acceptance-rules:write')
  @ApiOperation({
    summary: 'Withdraw an acceptance rule',
    description: 'Changes that the rule has already confirmed stay confirmed.',
  })
  @ApiResponse({ status: 200, standardSchema: AcceptanceRuleView })
  withdraw(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<AcceptanceRuleView> {
    const by = operatorOf(caller);
    const step = {
      by: caller,
      action: 'acceptance-rule.withdrawn',
      subject: `network/${by.network}`,
      reason,
    };
    return this.audit.changing({ ...step, change: { id } }, (manager) =>
      this.rules.withdraw(manager, by, id, this.now()),
    );
  }
}

function operatorOf({ id, network }: ApiKeyRow): { id: string; network: string } {
  if (network === null)
    throw new ApiProblem('forbidden', 'only an operator of a network adds or withdraws its rules');
  return { id, network };
}
