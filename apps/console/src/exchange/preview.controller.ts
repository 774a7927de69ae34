import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ChangePreview, PreviewRequest } from './preview.dto.js';
import { PreviewService } from './preview.service.js';

@ApiTags('changes')
@ApiBearerAuth()
@Controller('v1')
export class PreviewController {
  constructor(private readonly previews: PreviewService) {}

  @Post('changes::preview')
  @HttpCode(200)
  @Requires('agreements:read')
  @ApiOperation({
    summary: 'Preview a change',
    description:
      'Says which traffic of the last 24 hours the change would stop, and what that traffic costs; for tariffs, what it would have cost. Nothing is changed. A change that could not be proposed is refused with the same problem.',
  })
  @ApiResponse({ status: 200, standardSchema: ChangePreview })
  preview(
    @Body({ schema: PreviewRequest }) { change }: z.infer<typeof PreviewRequest>,
    @Caller() caller: ApiKeyRow,
  ): Promise<ChangePreview> {
    return this.previews.preview(change, caller.network);
  }
}
