import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { keyAfter, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { AuditCheckpoints } from './audit-checkpoints.js';
import { AuditService } from './audit.service.js';
import type { ChainedEntry } from './chain.js';
import { Checkpoint } from './checkpoint.js';

const Entry = z
  .object({
    seq: z.int(),
    at: z.string().max(40),
    actor: z.string().max(300),
    action: z.string().max(100),
    subject: z.string().max(300),
    reason: z.string().max(4000),
    change: z.unknown(),
    networks: z
      .array(z.string().max(40))
      .max(1000)
      .nullable()
      .describe(
        'Networks whose operators may read it; null: an old entry, whose hash does not include this field',
      ),
    previous: z.string().max(100).describe('Hash of the previous entry'),
    hash: z.string().max(100).describe('SHA-256 of `previous` and all other fields of the entry'),
  })
  .meta({ id: 'AuditEntry' });
const ListQuery = PageQuery.extend({
  subject: z.string().max(200).optional().describe('Subject of the change, such as network/<slug>'),
});
const Verdict = z
  .object({
    entries: z.int(),
    root: z.string().max(100),
    broken: z.int().optional().describe('Number of the first entry with a wrong hash'),
  })
  .meta({ id: 'AuditVerdict' });

const PublicKey = z
  .object({
    algorithm: z.literal('Ed25519'),
    key: z.string().max(100).describe('Ed25519 public key, 32 bytes in base64url'),
  })
  .meta({ id: 'AuditPublicKey' });

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
    summary: 'List the audit log, oldest first',
    description:
      'Each entry says who did what, when and why. An operator sees the entries that concern their network.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('AuditPage', Entry) })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: ListQuery }) { cursor, limit, subject }: z.infer<typeof ListQuery>,
  ): Promise<Page<ChainedEntry>> {
    const [after] = keyAfter(cursor, z.tuple([z.int().nonnegative()])) ?? [0];
    const network = caller.role === 'operator' ? (caller.network ?? '') : undefined;
    if (network !== undefined && subject?.startsWith('network/') && subject !== `network/${network}`)
      throw new ApiProblem(
        'forbidden',
        `subject: an operator may only read entries about network/${network}`,
      );
    const entries = await this.audit.list(Number(after), limit + 1, { subject, network });
    return pageOf(
      entries,
      limit,
      ({ seq }) => [seq],
      (entry) => entry,
    );
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
