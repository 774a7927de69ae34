import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Address, digitsOf, E164, HubError, Network, networkOf } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { AuditService } from '../audit/audit.service.js';
import { cursorOf, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { Reason } from '../http/free-text.js';
import { Problem } from '../http/problem.js';
import { DirectoryService } from './directory.service.js';

const PortedNumber = z
  .object({
    number: E164,
    network: Network.optional().describe('Where it is now; the person is called by his number there'),
    address: Address.max(1000).optional().describe('Or the very person, where ids are no numbers'),
    reason: Reason,
  })
  .refine(({ network, address }) => (network === undefined) !== (address === undefined), {
    path: ['network'],
    message: 'give the network, or the address',
  })
  .meta({ id: 'PortedNumber' });
const PortedView = z
  .object({
    number: z.string(),
    network: z.string(),
    address: z.string().nullable(),
    since: z.string(),
  })
  .meta({ id: 'PortedView' });
type PortedView = z.infer<typeof PortedView>;
const PortedPage = pageSchema('PortedPage', PortedView);
const ReasonQuery = z.object({ reason: Reason });

interface Columns {
  key: string;
  network: string;
  address: string | null;
  since: Date;
}

@ApiTags('routes')
@ApiBearerAuth()
@ApiResponse({ status: 'default', standardSchema: Problem })
@Controller('v1/routes/ported')
export class PortedController {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
  ) {}

  @Get()
  @Requires('ported:read')
  @ApiOperation({ summary: 'List ported numbers' })
  @ApiResponse({ status: 200, standardSchema: PortedPage })
  async list(@Query({ schema: PageQuery }) { cursor, limit }: PageQuery): Promise<Page<PortedView>> {
    const rows = await this.database.query<Columns[]>(
      "SELECT key, network, address, since FROM route WHERE kind = 'exact' AND key > $1 ORDER BY key LIMIT $2",
      [cursorOf(cursor)?.[0] ?? '', limit + 1],
    );
    return pageOf(rows, limit, ({ key }) => [key], view);
  }

  @Post()
  @Requires('ported:write')
  @ApiOperation({ summary: 'A number moves to a network, or to a person; the next message goes there' })
  @ApiResponse({ status: 201, standardSchema: PortedView })
  async port(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: PortedNumber }) body: z.infer<typeof PortedNumber>,
  ): Promise<PortedView> {
    const { number, address = null, reason } = body;
    const network = body.network ?? (address && networkOf(address));
    const row = await this.audit.changing(
      {
        by: caller,
        action: 'number.ported',
        subject: subjectOf(number),
        reason,
        change: { network, address },
      },
      async (manager) => {
        const known = await manager.query<object[]>('SELECT 1 FROM network WHERE slug = $1', [network]);
        if (known.length === 0) throw new HubError('15', `${network} is not registered`);
        const [stored] = await manager.query<Columns[]>(
          `INSERT INTO route (kind, key, network, address, since) VALUES ('exact', $1, $2, $3, now())
           ON CONFLICT (kind, key) DO UPDATE SET network = excluded.network, address = excluded.address, since = excluded.since
           RETURNING key, network, address, since`,
          [digitsOf(number), network, address],
        );
        return stored as Columns;
      },
    );
    await this.directory.changed(number);
    return view(row);
  }

  @Delete(':number')
  @HttpCode(204)
  @Requires('ported:write')
  @ApiOperation({ summary: 'The number goes where its owner or its prefix says again' })
  async restore(
    @Caller() caller: ApiKeyRow,
    @Param('number', { schema: E164 }) number: E164,
    @Query({ schema: ReasonQuery }) { reason }: z.infer<typeof ReasonQuery>,
  ): Promise<void> {
    await this.audit.changing(
      { by: caller, action: 'number.restored', subject: subjectOf(number), reason, change: null },
      async (manager) => {
        const gone = await manager.query<[object[], number]>(
          "DELETE FROM route WHERE kind = 'exact' AND key = $1",
          [digitsOf(number)],
        );
        if (gone[1] === 0) throw new HubError('14', 'this number was not ported');
      },
    );
    await this.directory.changed(number);
  }
}

function subjectOf(number: E164): string {
  return `number/${number}`;
}

function view({ key, network, address, since }: Columns): PortedView {
  return { number: `+${key}`, network, address, since: since.toISOString() };
}
