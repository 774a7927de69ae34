import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ASKS, PAGE_POLICY, Report, reportPage } from '#certification';
import type { ApiKeyRow } from '#database';
import { CertificationLevel, Network } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { CertificationsService } from './certifications.service.js';
import { STATES, type CertificationLineRow } from './certifications.repository.js';

const NewCertification = z
  .object({
    loopback: z
      .string()
      .min(1)
      .max(4000)
      .describe('Native id of the loopback, which answers every message with the same text'),
    stranger: z
      .string()
      .min(1)
      .max(4000)
      .optional()
      .describe('Native id that nobody has. Absent: derived from that of the loopback'),
    offers: z
      .array(z.enum(ASKS))
      .max(ASKS.length)
      .optional()
      .describe(
        'What you do when the report asks for it: `restart` kills the adapter (SIGKILL) and starts it again, `second-instance` starts a second one. Cases that need it are skipped otherwise',
      ),
  })
  .meta({ id: 'NewCertification', examples: [{ loopback: 'echo@example.org' }] });
const Started = z.object({ id: z.uuid() }).meta({ id: 'CertificationStarted' });
const MOST_CASES = 200;
const CaseCounts = z
  .object({
    all: z.int().min(0).max(MOST_CASES),
    passed: z.int().min(0).max(MOST_CASES),
    failed: z.int().min(0).max(MOST_CASES),
    skipped: z.int().min(0).max(MOST_CASES),
  })
  .meta({
    id: 'CertificationCounts',
    description: 'Cases by verdict. While the run lasts, the others are still to come',
    examples: [{ all: 29, passed: 21, failed: 0, skipped: 3 }],
  });
const Line = z
  .object({
    id: z.uuid(),
    network: z.string().max(40),
    state: z.enum(STATES),
    level: CertificationLevel.nullable(),
    build: z.string().max(300).nullable(),
    suite: z.string().max(100),
    capabilities: z.string().max(100).nullable().describe('SHA-256 of the declared capabilities'),
    at: z.string().max(40),
    validUntil: z.string().max(40).nullable(),
    by: z.string().max(300),
    cases: CaseCounts,
  })
  .meta({ id: 'CertificationLine' });
const View = Line.extend({ report: Report.describe('Report, which grows during the run') }).meta({
  id: 'Certification',
});
const Lines = pageSchema('CertificationPage', Line);
const CertificationId = z.uuid();

@ApiTags('certification')
@ApiBearerAuth()
@Controller('v1/networks/:network/certifications')
export class CertificationsController {
  constructor(private readonly certifications: CertificationsService) {}

  @Post()
  @HttpCode(202)
  @Requires('certifications:start')
  @ApiOperation({
    summary: 'Start a certification',
    description:
      'Tests the adapter that is signed on at present. Only one certification of a network runs at a time.',
  })
  @ApiResponse({ status: 202, standardSchema: Started })
  async start(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: NewCertification }) body: z.infer<typeof NewCertification>,
  ): Promise<z.infer<typeof Started>> {
    requireOwnNetwork(caller, network);
    return { id: await this.certifications.start(caller, network, body) };
  }

  @Get()
  @Requires('certifications:read')
  @ApiOperation({
    summary: 'List certifications, newest first',
    description:
      'Lists the certification runs of a network with their results, and how far a run is that has not ended.',
  })
  @ApiResponse({ status: 200, standardSchema: Lines })
  async list(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<z.infer<typeof Line>>> {
    requireOwnNetwork(caller, network);
    const rows = await this.certifications.page(network, limit, keyAfter(cursor, MomentKey));
    return pageOf(rows, limit, ({ at, id }) => [at.toISOString(), id], line);
  }

  @Get(':id')
  @Requires('certifications:read')
  @ApiOperation({
    summary: 'Show one certification',
    description: 'Contains the report so far while the certification runs.',
  })
  @ApiResponse({ status: 200, standardSchema: View })
  async show(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Param('id', { schema: CertificationId }) id: string,
  ): Promise<z.infer<typeof View>> {
    requireOwnNetwork(caller, network);
    const row = await this.certifications.find(network, id);
    return { ...line(row), report: row.report };
  }

  @Get(':id/page')
  @Requires('certifications:read')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', PAGE_POLICY)
  @ApiOperation({
    summary: 'Show the report of a certification as HTML',
    description: 'The same report as in the JSON answer, for a browser.',
  })
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'HTML' })
  async page(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Param('id', { schema: CertificationId }) id: string,
  ): Promise<string> {
    requireOwnNetwork(caller, network);
    const row = await this.certifications.find(network, id);
    return reportPage(line(row), row.report);
  }
}

function line(row: CertificationLineRow): z.infer<typeof Line> {
  return {
    id: row.id,
    network: row.network,
    state: row.state,
    level: row.level,
    build: row.build,
    suite: row.suite_version,
    capabilities: row.capabilities_hash,
    at: row.at.toISOString(),
    validUntil: row.valid_until?.toISOString() ?? null,
    by: row.by,
    cases: row.cases,
  };
}
