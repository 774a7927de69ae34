/** Filters of a page of the web console under a name. Each person has their own. */
import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { MOST_VIEWS, NewSavedView, SavedView, SavedViews } from './saved-view.dto.js';
import { SavedViewsRepository } from './saved-views.repository.js';

const ViewId = z.uuid();

@ApiTags('session')
@ApiBearerAuth()
@Controller('v1/me/views')
export class SavedViewsController {
  constructor(private readonly views: SavedViewsRepository) {}

  @Get()
  @Requires('me:read')
  @ApiOperation({
    summary: 'List your saved views',
    description: 'A saved view is the filter of a page of the web console under a name. Nobody else sees it.',
  })
  @ApiResponse({ status: 200, standardSchema: SavedViews })
  async list(@Caller() { personId }: ApiKeyRow): Promise<z.infer<typeof SavedViews>> {
    return { items: await this.views.list(personId) };
  }

  @Post()
  @HttpCode(200)
  @Requires('me:write')
  @ApiOperation({
    summary: 'Save a view',
    description: `Replaces your view of the same name on the same page. A person has at most ${MOST_VIEWS} views.`,
  })
  @ApiResponse({ status: 200, standardSchema: SavedView })
  async save(
    @Caller() { personId }: ApiKeyRow,
    @Body({ schema: NewSavedView }) view: NewSavedView,
  ): Promise<SavedView> {
    const saved = await this.views.save(personId, view, MOST_VIEWS);
    if (!saved) throw new ApiProblem('conflict', `you have ${MOST_VIEWS} saved views: delete one first`);
    return saved;
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('me:write')
  @ApiOperation({
    summary: 'Delete one of your saved views',
    description: 'Links that were shared keep working: the filter stands in them.',
  })
  @ApiResponse({ status: 204, description: 'Deleted' })
  async remove(
    @Caller() { personId }: ApiKeyRow,
    @Param('id', { schema: ViewId }) id: string,
  ): Promise<void> {
    if (!(await this.views.remove(personId, id))) throw new ApiProblem('not-found', `no saved view ${id}`);
  }
}
