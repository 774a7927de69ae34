/** Business days: totals, clearing files and statements. A closed day is never changed. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { FILE_FORMATS, HUB, IntegratorParty, type FileFormat } from '#clearing';
import {
  clearingFile,
  closedDay,
  isPartyOf,
  statement,
  STATEMENT_FORMATS,
  type StatementFormat,
} from '#clearing-store';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { Network } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ChangeView, proposed } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { keyAfter, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { decimalOf } from './amount.js';
import { Closed, DayClosing } from './day-closing.js';
import { BusinessDate } from './settlement.dto.js';
import { businessDayOf, businessDaysBefore, type BusinessDayColumns } from './business-days.repository.js';

const Party = z
  .union([z.literal(HUB), Network, IntegratorParty])
  .describe('A network, `hub`, or `integrator:<name>`');
const DayRow = z
  .object({
    date: z.string().max(40),
    state: z.enum(['open', 'closed']),
    closedAt: z.string().max(40).nullable(),
    records: z
      .int()
      .nullable()
      .describe(
        'Detail records of the closed day; for an operator or integrator those of its own clearing file',
      ),
    netSum: z
      .string()
      .max(100)
      .nullable()
      .describe('The sum of all positions, yuan: zero. null for an operator or integrator'),
    position: z
      .string()
      .max(100)
      .nullable()
      .describe('Own position of an operator or integrator, yuan; positive: to receive'),
    startsAt: z.string().max(40).nullable().describe('Begin of the period; null before the close'),
    endsAt: z.string().max(40).nullable(),
    dueOn: z.string().max(40).nullable().describe('Day on which the positions are due'),
  })
  .meta({ id: 'BusinessDay' });
type DayRow = z.infer<typeof DayRow>;
const DayView = DayRow.extend({
  members: z
    .record(Network, z.unknown())
    .meta({ maxProperties: 1000 })
    .describe('By member: sequence number, totals, files with their SHA-256. An operator sees its own'),
}).meta({ id: 'BusinessDayManifest' });
const Close = z
  .object({ force: z.boolean().default(false).describe('true: close also a day that is not over') })
  .meta({ id: 'CloseDay', examples: [{ force: false }] });
const Verdict = z
  .object({
    date: z.string().max(40),
    identical: z.boolean(),
    differences: z.array(z.string().max(4000)).max(100_000),
  })
  .meta({ id: 'DayVerification' });
const FileQuery = z.object({ format: z.enum(FILE_FORMATS).default('jsonl') });
const StatementQuery = z.object({ format: z.enum(STATEMENT_FORMATS).default('json') });

const TYPES: Record<FileFormat | StatementFormat, string> = {
  jsonl: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  pdf: 'application/pdf',
};

@ApiTags('clearing')
@ApiBearerAuth()
@Controller('v1/business-days')
export class BusinessDaysController {
  constructor(
    private readonly database: DataSource,
    private readonly days: DayClosing,
    private readonly changes: ChangesService,
  ) {}

  @Get()
  @Requires('clearing:read')
  @ApiOperation({
    summary: 'List business days, newest first',
    description:
      'Shows state, records and period of each business day. An operator or integrator sees the days in which it took part, with its own figures.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('BusinessDayPage', DayRow) })
  async list(
    @Caller() { network }: ApiKeyRow,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<DayRow>> {
    const [before] = keyAfter(cursor, z.tuple([BusinessDate])) ?? [];
    const rows = await businessDaysBefore(this.database, network, before, limit + 1);
    return pageOf(rows, limit, ({ date }) => [date], view);
  }

  @Get(':date')
  @Requires('clearing:read')
  @ApiOperation({
    summary: 'Show one business day',
    description:
      'For a closed day: totals, and the names and SHA-256 checksums of the clearing files. An operator sees the files of their network.',
  })
  @ApiResponse({ status: 200, standardSchema: DayView })
  async show(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
  ): Promise<z.infer<typeof DayView>> {
    const row = await businessDayOf(this.database, date, caller.network);
    if (!row) throw new ApiProblem('not-found', `no business day ${date}`);
    const members = Object.entries((await closedDay(this.database, date))?.members ?? {});
    const own = members.filter(([network]) => caller.network === null || network === caller.network);
    return { ...view(row), members: Object.fromEntries(own) };
  }

  @Post(':date/close')
  @HttpCode(200)
  @Requires('clearing:close')
  @ApiOperation({
    summary: 'Close a business day early',
    description:
      'A business day closes automatically at its hour. With `force`, also before the day is over: then it is proposed, and closed when another admin approves.',
  })
  @ApiResponse({ status: 200, standardSchema: Closed })
  @ApiResponse({ status: 202, standardSchema: ChangeView, description: 'Proposed, with `force`' })
  async close(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Body({ schema: Close }) { force }: z.infer<typeof Close>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Closed | ChangeView> {
    // For a closed day the answer is the same again, without an approval.
    if (!force || (await this.days.isClosed(date)))
      return this.database.transaction((manager) => this.days.close(manager, caller, date, force));
    return proposed(
      reply,
      await this.changes.propose(caller, { kind: 'day.close', date }, 'before it is over'),
    );
  }

  @Post(':date/verify')
  @HttpCode(200)
  @Requires('clearing:verify')
  @ApiOperation({
    summary: 'Recalculate and compare a business day',
    description:
      'Recalculates files and positions from the detail records and lists differences. Nothing is changed; the members of the day are informed.',
  })
  @ApiResponse({ status: 200, standardSchema: Verdict })
  async verify(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
  ): Promise<z.infer<typeof Verdict>> {
    if (!(await closedDay(this.database, date))) throw new ApiProblem('not-found', `${date} is not closed`);
    return this.days.recompute(caller, date);
  }

  @Get(':date/files/:network')
  @Requires('clearing:read')
  @ApiOperation({
    summary: 'Download a clearing file',
    description:
      'The file of one network for a closed business day. Its SHA-256 is in the manifest of the day.',
  })
  @ApiProduces('application/x-ndjson', 'text/csv')
  async file(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Param('network', { schema: Network }) network: Network,
    @Query({ schema: FileQuery }) { format }: z.infer<typeof FileQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireOwnNetwork(caller, network);
    const member = (await closedDay(this.database, date))?.members[network];
    if (!member)
      throw new ApiProblem(
        'not-found',
        `no clearing file of ${network} for ${date}: the day is not closed, or the network was no member on that day`,
      );
    const { name, bytes, sha256 } = member.files[format];
    await reply
      .headers({ ...download(name, format), 'content-length': bytes, 'hutong-sha256': sha256 })
      .send(Readable.from(clearingFile(this.database, date, network, format)));
  }

  @Get(':date/statements/:party')
  @Requires('clearing:read')
  @ApiOperation({
    summary: 'Download a statement',
    description:
      'The statement of one party for a closed business day, as JSON, CSV or PDF. An operator or integrator gets its own. The header `hutong-sha256` has the checksum of the bytes; each page of the PDF has that of the JSON.',
  })
  @ApiProduces('application/json', 'text/csv', 'application/pdf')
  async statement(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Param('party', { schema: Party }) party: string,
    @Query({ schema: StatementQuery }) { format }: z.infer<typeof StatementQuery>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    requireOwnNetwork(caller, party);
    if (!(await isPartyOf(this.database, date, party)))
      throw new ApiProblem(
        'not-found',
        `no statement of ${party} for ${date}: the day is not closed, or the party took no part in it`,
      );
    const content = await statement(this.database, date, party, format);
    const sha256 = createHash('sha256').update(content).digest('hex');
    await reply
      .header('hutong-sha256', sha256)
      .headers(download(`statement-${date}-${party.replace(':', '-')}.${format}`, format))
      .send(content);
  }
}

function view(row: BusinessDayColumns): DayRow {
  const { date, state, records, net_sum: netSum, position, due_on: dueOn } = row;
  return {
    date,
    state,
    closedAt: row.closed_at?.toISOString() ?? null,
    records,
    netSum,
    position: position === null ? null : decimalOf(BigInt(position)),
    startsAt: row.starts_at?.toISOString() ?? null,
    endsAt: row.ends_at?.toISOString() ?? null,
    dueOn,
  };
}

function download(name: string, format: FileFormat | StatementFormat): Record<string, string> {
  return { 'content-type': TYPES[format], 'content-disposition': `attachment; filename="${name}"` };
}
