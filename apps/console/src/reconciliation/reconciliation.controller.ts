import { Readable } from 'node:stream';
import { Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { keyAfter, MomentKey, pageOf, PageQuery, type Page } from '../http/page.js';
import { MOST_UPLOAD_BYTES, TakesUpload, UploadedLines } from '../http/upload.js';
import { BusinessDate } from '../settlement/settlement.dto.js';
import {
  FileQuery,
  ReconciliationId,
  ReconciliationPage,
  ReconciliationView,
  reconciliationView,
  RecordDifferencePage,
  RecordDifferenceQuery,
  recordDifferenceView,
  type RecordDifferenceView,
} from './reconciliation.dto.js';
import { MOST_RECORDS, ReconciliationService } from './reconciliation.service.js';
import { MOST_KEPT } from './reconciliations.repository.js';

const FILE_TYPES = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' };
const DifferenceKey = z.tuple([z.int().nonnegative()]);

@ApiTags('settlement')
@ApiBearerAuth()
@Controller('v1/business-days/:date/reconciliations')
export class ReconciliationController {
  constructor(private readonly reconciliations: ReconciliationService) {}

  @Post()
  @Requires('reconciliations:write')
  @TakesUpload(
    `Own records, with the columns of a clearing file: at least reference and to. Up to ${MOST_RECORDS} records and ${MOST_UPLOAD_BYTES} bytes; may be sent with \`Content-Encoding: gzip\``,
  )
  @ApiOperation({
    summary: 'Compare own records with the clearing file of a closed business day',
    description: `The body is a CSV or NDJSON file. Own records are compared and not kept; the differences are kept, of the newest ${MOST_KEPT} reconciliations of a network.`,
  })
  @ApiResponse({ status: 201, standardSchema: ReconciliationView })
  async make(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @UploadedLines() lines: AsyncIterable<string>,
  ): Promise<ReconciliationView> {
    return reconciliationView(await this.reconciliations.reconcile(caller, date, lines));
  }

  @Get()
  @Requires('reconciliations:read')
  @ApiOperation({
    summary: 'List own reconciliations of a business day, newest first',
    description: 'Only those of the own network.',
  })
  @ApiResponse({ status: 200, standardSchema: ReconciliationPage })
  async list(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<ReconciliationView>> {
    const rows = await this.reconciliations.list(caller, date, keyAfter(cursor, MomentKey), limit);
    return pageOf(rows, limit, ({ at, id }) => [at.toISOString(), id], reconciliationView);
  }

  @Get(':id')
  @Requires('reconciliations:read')
  @ApiOperation({ summary: 'Show a reconciliation', description: 'How many differences it has, by kind.' })
  @ApiResponse({ status: 200, standardSchema: ReconciliationView })
  async show(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Param('id', { schema: ReconciliationId }) id: string,
  ): Promise<ReconciliationView> {
    return reconciliationView(await this.reconciliations.find(caller, date, id));
  }

  @Get(':id/differences')
  @Requires('reconciliations:read')
  @ApiOperation({
    summary: 'List differences of a reconciliation, by reference',
    description: 'A difference that is `disputable` names the record with which a dispute is opened.',
  })
  @ApiResponse({ status: 200, standardSchema: RecordDifferencePage })
  async differences(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Param('id', { schema: ReconciliationId }) id: string,
    @Query({ schema: RecordDifferenceQuery }) { kind, cursor, limit }: RecordDifferenceQuery,
  ): Promise<Page<RecordDifferenceView>> {
    const [after] = keyAfter(cursor, DifferenceKey) ?? [0];
    const row = await this.reconciliations.find(caller, date, id);
    const rows = await this.reconciliations.differences(row, kind, after, limit);
    return pageOf(rows, limit, ({ n }) => [n], recordDifferenceView);
  }

  @Get(':id/file')
  @Requires('reconciliations:read')
  @ApiOperation({
    summary: 'Download the differences of a reconciliation',
    description: 'All listed differences. No spreadsheet takes a cell of the CSV for a formula.',
  })
  @ApiProduces('text/csv', 'application/x-ndjson')
  @ApiResponse({ status: 200, description: 'The file' })
  async file(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Param('id', { schema: ReconciliationId }) id: string,
    @Query({ schema: FileQuery }) { format }: FileQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const row = await this.reconciliations.find(caller, date, id);
    const name = `differences-${date}-${row.network}.${format}`;
    await reply
      .headers({
        'content-type': FILE_TYPES[format],
        'content-disposition': `attachment; filename="${name}"`,
      })
      .send(Readable.from(this.reconciliations.file(row, format)));
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('reconciliations:write')
  @ApiOperation({ summary: 'Remove a reconciliation', description: 'With its differences.' })
  @ApiResponse({ status: 204, description: 'It is removed' })
  async remove(
    @Caller() caller: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
    @Param('id', { schema: ReconciliationId }) id: string,
  ): Promise<void> {
    await this.reconciliations.remove(caller, date, id);
  }
}
