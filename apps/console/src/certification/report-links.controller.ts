import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Network } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { SecretAnswer } from '../http/idempotency.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import type { ReportLinkRow } from './report-links.repository.js';
import { ReportLinksService } from './report-links.service.js';

const NewReportLink = z
  .object({ days: z.int().min(1).max(90).default(30).describe('Days after which the link expires') })
  .meta({ id: 'NewReportLink', examples: [{ days: 30 }] });
const ReportLink = z
  .object({
    id: z.uuid(),
    by: z.string().max(300),
    at: z.string().max(40),
    expiresAt: z.string().max(40),
    revokedAt: z.string().max(40).nullable(),
    opened: z.int().nonnegative().describe('How often the page was opened'),
    openedAt: z.string().max(40).nullable().describe('When it was last opened'),
  })
  .meta({ id: 'ReportLink' });
const SharedReport = ReportLink.extend({
  path: z
    .string()
    .max(200)
    .describe('Path of the page on this console. Everybody who has it can open the page. Shown once'),
}).meta({ id: 'SharedReport' });
const ReportLinks = pageSchema('ReportLinkPage', ReportLink);
const Id = z.uuid();

@ApiTags('certification')
@ApiBearerAuth()
@Controller('v1/networks/:network/certifications/:id/links')
export class ReportLinksController {
  constructor(private readonly links: ReportLinksService) {}

  @Post()
  @Requires('certifications:share')
  @SecretAnswer()
  @ApiOperation({
    summary: 'Share the report of a certification',
    description:
      'Makes a link with which anybody can open the report as a page, without a key, until it expires or is revoked. The page names no accounts, addresses or people. At most 20 links of a certification can be used at a time.',
  })
  @ApiResponse({ status: 201, standardSchema: SharedReport })
  async share(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: NewReportLink }) { days }: z.infer<typeof NewReportLink>,
  ): Promise<z.infer<typeof SharedReport>> {
    requireOwnNetwork(caller, network);
    const { row, token } = await this.links.share(caller, network, id, days);
    return { ...view(row), path: `/reports/${token}` };
  }

  @Get()
  @Requires('certifications:read')
  @ApiOperation({
    summary: 'List links to the report of a certification, newest first',
    description: 'Lists who made each link, until when it can be used, and how often it was opened.',
  })
  @ApiResponse({ status: 200, standardSchema: ReportLinks })
  async list(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<z.infer<typeof ReportLink>>> {
    requireOwnNetwork(caller, network);
    const rows = await this.links.page(network, id, keyAfter(cursor, MomentKey), limit + 1);
    return pageOf(rows, limit, (row) => [row.at.toISOString(), row.id], view);
  }

  @Delete(':link')
  @HttpCode(204)
  @Requires('certifications:share')
  @ApiOperation({
    summary: 'Revoke a link to the report of a certification',
    description: 'The page can no longer be opened with this link. Other links stay valid.',
  })
  @ApiResponse({ status: 204, description: 'Done' })
  async revoke(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Param('id', { schema: Id }) id: string,
    @Param('link', { schema: Id }) link: string,
  ): Promise<void> {
    requireOwnNetwork(caller, network);
    await this.links.revoke(caller, network, id, link);
  }
}

function view(row: ReportLinkRow): z.infer<typeof ReportLink> {
  return {
    id: row.id,
    by: row.by,
    at: row.at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    opened: row.opened,
    openedAt: row.opened_at?.toISOString() ?? null,
  };
}
