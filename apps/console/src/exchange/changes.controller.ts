import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { PageQuery, pageSchema, type Page } from '../http/page.js';
import { CHANGE_STATES, ChangeView, Reasoned } from './changes.js';
import { ChangesService } from './changes.service.js';

const ListQuery = PageQuery.extend({
  state: z.enum(CHANGE_STATES).optional(),
  mine: z
    .stringbool()
    .meta({ maxLength: 8 })
    .default(false)
    .describe('true: only changes that the caller proposed'),
});
const Id = z.uuid();

@ApiTags('changes')
@ApiBearerAuth()
@Controller('v1/changes')
export class ChangesController {
  constructor(private readonly changes: ChangesService) {}

  @Get()
  @Requires('changes:read')
  @ApiOperation({
    summary: 'List proposed changes, newest first',
    description:
      'A change takes effect after the approval of a second person and, where it binds members, after their confirmation. An operator sees the changes that bind their network.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('ChangePage', ChangeView) })
  list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>,
  ): Promise<Page<ChangeView>> {
    return this.changes.list(query, {
      state: query.state,
      network: caller.network,
      proposedBy: query.mine ? caller.personId : null,
    });
  }

  @Get(':id')
  @Requires('changes:read')
  @ApiOperation({
    summary: 'Show one proposed change',
    description: 'Shows who has approved and confirmed the change, and whose confirmation is missing.',
  })
  @ApiResponse({ status: 200, standardSchema: ChangeView })
  show(@Caller() caller: ApiKeyRow, @Param('id', { schema: Id }) id: string): Promise<ChangeView> {
    return this.changes.show(id, caller.network);
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Requires('exchange:write')
  @ApiOperation({
    summary: 'Approve a change',
    description:
      'The person who proposed the change cannot approve it. The change is applied at once if it binds no member, otherwise when the last member has confirmed it.',
  })
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
  @ApiOperation({
    summary: 'Reject a change, or withdraw your own',
    description: 'Possible until the change is applied.',
  })
  @ApiResponse({ status: 200, standardSchema: ChangeView })
  reject(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<ChangeView> {
    return this.changes.reject(caller, id, reason);
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @Requires('changes:confirm')
  @ApiOperation({
    summary: 'Confirm a change for your network',
    description: 'The last missing confirmation applies the change.',
  })
  @ApiResponse({ status: 200, standardSchema: ChangeView })
  confirm(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<ChangeView> {
    return this.changes.confirm(caller, id, reason);
  }

  @Post(':id/decline')
  @HttpCode(200)
  @Requires('changes:confirm')
  @ApiOperation({
    summary: 'Decline a change for your network',
    description: 'One decline ends the change for all networks.',
  })
  @ApiResponse({ status: 200, standardSchema: ChangeView })
  decline(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<ChangeView> {
    return this.changes.decline(caller, id, reason);
  }
}
