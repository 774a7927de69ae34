import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { Announcement } from './announcement.dto.js';
import { announcementView, AnnouncementsRepository } from './announcements.repository.js';

const ListQuery = PageQuery.extend({
  unread: z
    .stringbool()
    .meta({ maxLength: 8 })
    .default(false)
    .describe('true: only those that nobody has marked as read'),
});

@ApiTags('announcements')
@ApiBearerAuth()
@Controller('v1/announcements')
export class AnnouncementsController {
  constructor(private readonly announcements: AnnouncementsRepository) {}

  @Get()
  @Requires('announcements:read')
  @ApiOperation({
    summary: 'List announcements, newest first',
    description:
      'Announcements tell a network about decisions that affect it, such as a suspension or a new key. An operator sees those of their own network.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('AnnouncementPage', Announcement) })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: ListQuery }) { cursor, limit, unread }: z.infer<typeof ListQuery>,
  ): Promise<Page<Announcement>> {
    const rows = await this.announcements.list(
      caller.network,
      unread,
      keyAfter(cursor, MomentKey),
      limit + 1,
    );
    return pageOf(rows, limit, ({ at, id }) => [at.toISOString(), id], announcementView);
  }

  @Post(':id/read')
  @HttpCode(200)
  @Requires('announcements:mark')
  @ApiOperation({
    summary: 'Mark an announcement to one’s own network as read',
    description: 'The announcement stays in the list with the time at which it was read.',
  })
  @ApiResponse({ status: 200, standardSchema: Announcement })
  async markRead(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: z.uuid() }) id: string,
  ): Promise<Announcement> {
    const row = await this.announcements.markRead(caller.network, id, caller.id);
    if (!row) throw new ApiProblem('not-found', `no announcement ${id}`);
    return announcementView(row);
  }
}
