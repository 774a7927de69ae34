import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Address, EventId, network as networkSlug } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { freeText } from '../http/free-text.js';
import { Requires } from '../access/permissions.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { ACTIONS, CATEGORIES, ROLES_IN_REPORT, type ReportRow } from './abuse-reports.repository.js';
import { AbuseService } from './abuse.service.js';

const NewReport = z
  .object({
    accused: Address,
    reference: EventId.nullable()
      .default(null)
      .describe(
        'Id of the message. Only a report about a message that was delivered counts for the risk of the network',
      ),
    category: z.enum(CATEGORIES),
    note: z.string().max(2000).default(''),
    disclosedContent: z
      .string()
      .max(20_000)
      .optional()
      .describe('Content that the reporter discloses; the hub adds nothing'),
  })
  .meta({ id: 'NewAbuseReport' });
const Received = z
  .object({
    id: z.string().max(4000),
    status: z.literal('received'),
    dueAt: z.string().max(40).describe('Deadline for the answer of the home network'),
  })
  .meta({ id: 'AbuseReportReceived' });
const ReportView = z
  .object({
    id: z.string().max(4000),
    reporterNetwork: z
      .string()
      .max(40)
      .nullable()
      .describe('null in the answer to the home network of the accused'),
    accused: z.string().max(20_000),
    reference: z.string().max(4000).nullable(),
    category: z.enum(CATEGORIES),
    note: z.string().max(4000),
    disclosedContent: z.string().max(1_000_000).nullable(),
    reportedAt: z.string().max(40),
    dueAt: z.string().max(40),
    answer: z
      .object({ action: z.enum(ACTIONS), note: z.string().max(4000), at: z.string().max(40) })
      .nullable(),
  })
  .meta({ id: 'AbuseReport' });
const ReportPage = pageSchema('AbuseReportPage', ReportView);
const ReportQuery = PageQuery.extend({
  role: z
    .enum(ROLES_IN_REPORT)
    .default('accused')
    .describe('Role of the network of the operator in the reports'),
  category: z.enum(CATEGORIES).optional().describe('Only reports of this category'),
  answered: z
    .stringbool()
    .meta({ maxLength: 8 })
    .optional()
    .describe(
      'true: only those that the home network has answered; false: only those that wait for an answer',
    ),
});
const Answer = z
  .object({ action: z.enum(ACTIONS), note: freeText(2000) })
  .meta({ id: 'AbuseAnswer', examples: [{ action: 'suspended', note: 'the account is closed' }] });
const ReportId = z.uuid();

@ApiTags('abuse')
@ApiBearerAuth()
@Controller('v1/abuse-reports')
export class AbuseController {
  constructor(private readonly reports: AbuseService) {}

  @Post()
  @HttpCode(202)
  @Requires('abuse:report')
  @ApiOperation({
    summary: 'Report abuse',
    description:
      'Reports a subscriber of another network. The answer does not say whether the subscriber exists. Rate limited for each reporting network and person.',
  })
  @ApiResponse({ status: 202, standardSchema: Received })
  async report(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: NewReport }) body: z.infer<typeof NewReport>,
  ): Promise<z.infer<typeof Received>> {
    const { id, due_at: due } = await this.reports.report(caller, networkSlug(caller.network ?? ''), body);
    return { id, status: 'received', dueAt: due.toISOString() };
  }

  @Get()
  @Requires('abuse:read')
  @ApiOperation({
    summary: 'List abuse reports, newest first',
    description: 'An operator sees the reports by and about subscribers of their network.',
  })
  @ApiResponse({ status: 200, standardSchema: ReportPage })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: ReportQuery }) { role, category, answered, cursor, limit }: z.infer<typeof ReportQuery>,
  ): Promise<Page<z.infer<typeof ReportView>>> {
    const network = caller.role === 'operator' ? (caller.network ?? '') : undefined;
    const rows = await this.reports.list({
      network,
      role,
      category,
      answered,
      after: keyAfter(cursor, MomentKey),
      limit: limit + 1,
    });
    await this.reports.noteRead(caller, rows.slice(0, limit));
    return pageOf(
      rows,
      limit,
      (row) => [row.reported_at.toISOString(), row.id],
      (row) => view(row, caller),
    );
  }

  @Post(':id/answer')
  @HttpCode(200)
  @Requires('abuse:answer')
  @ApiOperation({
    summary: 'Answer an abuse report',
    description: 'States what your network did about the reported subscriber.',
  })
  @ApiResponse({ status: 200, standardSchema: ReportView })
  async answer(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: ReportId }) id: string,
    @Body({ schema: Answer }) { action, note }: z.infer<typeof Answer>,
  ): Promise<z.infer<typeof ReportView>> {
    return view(await this.reports.answer(caller, caller.network ?? '', id, action, note), caller);
  }
}

/** The home network does not learn who complained, except where the named message shows it. */
function view(row: ReportRow, caller: ApiKeyRow): z.infer<typeof ReportView> {
  const mayKnow = caller.role !== 'operator' || caller.network === row.reporter_network;
  return {
    id: row.id,
    reporterNetwork: mayKnow ? row.reporter_network : null,
    accused: row.accused,
    reference: row.reference,
    category: row.category,
    note: row.note,
    disclosedContent: row.disclosed_content,
    reportedAt: row.reported_at.toISOString(),
    dueAt: row.due_at.toISOString(),
    answer:
      row.answered_at && row.action
        ? { action: row.action, note: row.answer_note ?? '', at: row.answered_at.toISOString() }
        : null,
  };
}
