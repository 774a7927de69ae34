/** The report of a certification for everybody who has its link. */
import { Controller, Get, Header, Ip, Param } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { PAGE_POLICY, sharedPage } from '#certification';
import { Problem, Problems } from '#http';
import { Public } from '#service';
import { PageVisits } from './page-visits.js';
import { ReportLinksService } from './report-links.service.js';

const Token = z.string().max(200);

@ApiTags('certification')
@Controller('reports')
export class SharedReportsController {
  constructor(
    private readonly links: ReportLinksService,
    private readonly visits: PageVisits,
  ) {}

  @Get(':token')
  @Public()
  @Problems('not-found', 'too-many-requests')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', PAGE_POLICY)
  @Header('cache-control', 'no-store')
  @Header('x-robots-tag', 'noindex')
  @ApiOperation({
    summary: 'Open the report of a certification by its link',
    description:
      'The link alone opens the page. It names no accounts, addresses or people. Rate limited for each address.',
    security: [],
  })
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'HTML' })
  @ApiResponse({
    status: 404,
    standardSchema: Problem,
    description: 'The link is unknown, has expired or was revoked',
  })
  async page(@Ip() ip: string, @Param('token', { schema: Token }) token: string): Promise<string> {
    this.visits.count(ip);
    const { state, valid_until: validUntil, report } = await this.links.open(token);
    return sharedPage({ state, validUntil: validUntil?.toISOString() ?? null }, report);
  }
}
