import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Address, Network } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { At, Moment } from '../http/dates.js';
import { keyAfter, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { MessageSearchRepository, type FoundRow } from './message-search.repository.js';

const SearchQuery = PageQuery.extend({
  address: Address.max(1000).optional().describe('Sender or recipient'),
  network: Network.optional().describe('Network of the sender or of the recipient'),
  code: z
    .string()
    .regex(/^\d{2,3}$/, 'expected a result code')
    .optional()
    .describe('Result code with which the message failed'),
  failed: z.enum(['true', 'false']).default('false').describe('true: only messages that failed'),
  since: At.optional().describe('Not older than this time'),
  until: At.optional().describe('Older than this time'),
});
const FoundMessage = z
  .object({
    id: z.string().max(4000),
    at: z.iso
      .datetime()
      .describe('Time at which it was accepted or, among failed messages, at which it failed'),
    from: z.string().max(20_000),
    to: z.string().max(20_000),
    code: z.string().max(100),
  })
  .meta({ id: 'FoundMessage' });
type FoundMessage = z.infer<typeof FoundMessage>;
const RowKey = z.tuple([Moment, z.string().max(500)]);

@ApiTags('trace')
@ApiBearerAuth()
@Controller('v1/messages')
export class MessageSearchController {
  constructor(private readonly repository: MessageSearchRepository) {}

  @Get()
  @Requires('trace:read')
  @ApiOperation({
    summary: 'Search messages, newest first',
    description:
      'Searches the trace by person, network, time and failure. An operator finds messages from and to their own network. The content of messages is not stored. A search that takes longer than three seconds is refused.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('FoundMessagePage', FoundMessage) })
  async search(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: SearchQuery }) query: z.infer<typeof SearchQuery>,
  ): Promise<Page<FoundMessage>> {
    const { cursor, limit, failed, ...terms } = query;
    if (isOfOthers(caller, terms.network)) return { items: [], next: null };
    const network = caller.network ?? terms.network;
    const asked = { ...terms, network, failed: failed === 'true' };
    const rows = await this.repository.find(asked, keyAfter(cursor, RowKey), limit + 1);
    return pageOf(rows, limit, ({ at, id }) => [at.toISOString(), id], view);
  }
}

/** The same answer as for a network without messages. */
function isOfOthers({ network: own }: ApiKeyRow, asked: string | undefined): boolean {
  return own !== null && asked !== undefined && asked !== own;
}

function view({ event_id: id, at, from_address: from, to_address: to, code }: FoundRow): FoundMessage {
  return { id, at: at.toISOString(), from, to, code };
}
