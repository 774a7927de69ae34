import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { PageQuery, pageSchema, type Page } from '../http/page.js';
import { Problem } from '../http/problem.js';
import { CHANGE_STATES, ChangeView, Reasoned } from './changes.js';
import { ChangesService } from './changes.service.js';

const ListQuery = PageQuery.extend({ state: z.enum(CHANGE_STATES).optional() });
const Id = z.uuid();

@ApiTags('changes')
@ApiBearerAuth()
@ApiResponse({ status: 'default', standardSchema: Problem })
@Controller('v1/changes')
export class ChangesController {
  constructor(@Inject(ChangesService) private readonly changes: ChangesService) {}

  @Get()
  @Requires('exchange:read')
  @ApiOperation({ summary: 'List changes that need two people, newest first' })
  @ApiResponse({ status: 200, standardSchema: pageSchema('ChangePage', ChangeView) })
  list(@Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>): Promise<Page<ChangeView>> {
    return this.changes.list(query, query.state);
  }

  @Get(':id')
  @Requires('exchange:read')
  @ApiOperation({ summary: 'Show one change' })
  @ApiResponse({ status: 200, standardSchema: ChangeView })
  show(@Param('id', { schema: Id }) id: string): Promise<ChangeView> {
    return this.changes.show(id);
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Requires('exchange:write')
  @ApiOperation({ summary: 'Approve and carry out; by another admin than the one who proposed it' })
  @ApiResponse({ status: 200, standardSchema: ChangeView })
  approve(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<ChangeView> {
    return this.changes.approve(caller, id, reason);
  }

  @Post(':id/reject')
  @HttpCode(200)
  @Requires('exchange:write')
  @ApiOperation({ summary: 'Reject, or take back one’s own' })
  @ApiResponse({ status: 200, standardSchema: ChangeView })
  reject(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<ChangeView> {
    return this.changes.reject(caller, id, reason);
  }
}
