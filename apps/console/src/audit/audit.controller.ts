import { Readable } from 'node:stream';
import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { keyAfter, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { AuditCheckpoints } from './audit-checkpoints.js';
import { AUDIT_FILES, auditFile } from './audit-file.js';
import { AuditQuery, Entry, ExportQuery, PublicKey, Verdict } from './audit.dto.js';
import type { AuditFilter } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import type { ChainedEntry } from './chain.js';
import { Checkpoint } from './checkpoint.js';

@ApiTags('audit')
@ApiBearerAuth()
@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly audit: AuditService,
    private readonly checkpoints: AuditCheckpoints,
  ) {}

  @Get()
  @Requires('audit:read')
  @ApiOperation({
    summary: 'List the audit log',
    description:
      'Each entry says who did what, when and why. An operator sees the entries that concern their network. Oldest first, unless `order` is newest.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('AuditPage', Entry) })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: AuditQuery }) { cursor, limit, order, ...given }: AuditQuery,
  ): Promise<Page<ChainedEntry>> {
    const [after] = keyAfter(cursor, z.tuple([z.int().nonnegative()])) ?? [];
    const entries = await this.audit.list(order, after, limit + 1, filterOf(caller, given));
    return pageOf(
      entries,
      limit,
      ({ seq }) => [seq],
      (entry) => entry,
    );
  }

  @Get('export')
  @Requires('audit:read')
  @ApiOperation({
    summary: 'Download entries of the audit log, newest first',
    description:
      'All entries of the filter as a file. No spreadsheet takes a cell of the CSV for a formula. The export itself is written to the audit log.',
  })
  @ApiProduces('text/csv', 'application/x-ndjson')
  @ApiResponse({ status: 200, description: 'The file' })
  async export(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: ExportQuery }) { format, ...given }: ExportQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const filter = filterOf(caller, given);
    await this.audit.recordExport(caller, { format, ...given });
    const { type, name } = AUDIT_FILES[format];
    await reply
      .headers({ 'content-type': type, 'content-disposition': `attachment; filename="${name}"` })
      .send(Readable.from(auditFile(format, this.audit.all('newest', filter))));
  }

  @Get('verify')
  @Requires('audit:verify')
  @ApiOperation({
    summary: 'Verify the hash chain of the audit log',
    description:
      'Recalculates the hash of every entry. `npm run audit` does the same on your own machine, from the entries alone.',
  })
  @ApiResponse({ status: 200, standardSchema: Verdict })
  verify(): Promise<z.infer<typeof Verdict>> {
    return this.audit.verify();
  }

  @Get('checkpoints')
  @Requires('audit:verify')
  @ApiOperation({
    summary: 'List signed checkpoints of the audit log, oldest first',
    description:
      'Keep checkpoints outside the hub: `npm run audit -- --checkpoints FILE` compares the log with them and finds entries that were rewritten or removed.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('AuditCheckpointPage', Checkpoint) })
  async listCheckpoints(
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<Checkpoint>> {
    const [after] = keyAfter(cursor, z.tuple([z.int().nonnegative()])) ?? [0];
    const rows = await this.checkpoints.list(after, limit + 1);
    return pageOf(
      rows,
      limit,
      ({ seq }) => [seq],
      (row) => row,
    );
  }

  @Get('key')
  @Requires('audit:read')
  @ApiOperation({
    summary: 'Show the public key that verifies checkpoints',
    description: 'Keep a copy of the key outside the hub.',
  })
  @ApiResponse({ status: 200, standardSchema: PublicKey })
  key(): z.infer<typeof PublicKey> {
    return { algorithm: 'Ed25519', key: this.checkpoints.publicKey };
  }
}

type Asked = Pick<AuditQuery, 'subject' | 'who' | 'action' | 'since' | 'until'>;

/** @throws ApiProblem forbidden if an operator names another network */
function filterOf(caller: ApiKeyRow, { subject, who, action, since, until }: Asked): AuditFilter {
  const network = caller.role === 'operator' ? (caller.network ?? '') : undefined;
  if (network !== undefined && subject?.startsWith('network/') && subject !== `network/${network}`)
    throw new ApiProblem('forbidden', `subject: an operator may only read entries about network/${network}`);
  const moment = (at: string | undefined) => (at === undefined ? undefined : new Date(at));
  return { subject, who, action, since: moment(since), until: moment(until), network };
}
