import { Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { DeadLetter, Network } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import type { ApiKeyRow } from '#database';
import { DeadLettersService, noLetter, type Letter } from './dead-letters.service.js';

const LetterView = DeadLetter.extend({ id: z.int() }).meta({ id: 'DeadLetterView' });
const LetterRow = LetterView.omit({ payload: true }).meta({ id: 'DeadLetterRow' });
const Page = z
  .object({
    items: z.array(LetterRow).max(200),
    next: z.int().nullable().describe('Value of `after` for the next page'),
  })
  .meta({ id: 'DeadLetterPage' });
const ListQuery = z.object({
  network: Network.optional(),
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
const LetterId = z.coerce.number().int().positive();

@ApiTags('dead letters')
@ApiBearerAuth()
@Controller('v1/dead-letters')
export class DeadLettersController {
  constructor(private readonly letters: DeadLettersService) {}

  @Get()
  @Requires('dead-letters:read')
  @ApiOperation({
    summary: 'List dead letters, oldest first',
    description:
      'A dead letter is a message that could not be processed. The list does not contain the content.',
  })
  @ApiResponse({ status: 200, standardSchema: Page })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>,
  ): Promise<z.infer<typeof Page>> {
    const network =
      caller.role === 'operator' ? ((caller.network as Network | null) ?? undefined) : query.network;
    const items = await this.letters.list(query.after, query.limit, network);
    return {
      items: items.map(({ payload: _payload, ...row }) => row),
      next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null,
    };
  }

  @Get(':id')
  @Requires('dead-letters:read')
  @ApiOperation({
    summary: 'Show one dead letter',
    description:
      'Contains the original bytes; of a large message the beginning. The request is written to the audit log.',
  })
  @ApiResponse({ status: 200, standardSchema: LetterView })
  async show(@Caller() caller: ApiKeyRow, @Param('id', { schema: LetterId }) id: number): Promise<Letter> {
    return this.letters.read(caller, await this.own(caller, id));
  }

  @Post(':id/replay')
  @HttpCode(202)
  @Requires('dead-letters:write')
  @ApiOperation({
    summary: 'Replay a dead letter',
    description:
      'Publishes the original message again on its first subject, with a new message id. Possible while the bus keeps the original, for a week.',
  })
  async replay(@Caller() caller: ApiKeyRow, @Param('id', { schema: LetterId }) id: number): Promise<void> {
    await this.own(caller, id);
    await this.letters.replay(caller, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('dead-letters:write')
  @ApiOperation({
    summary: 'Discard a dead letter',
    description: 'The letter is deleted and cannot be replayed.',
  })
  async discard(@Caller() caller: ApiKeyRow, @Param('id', { schema: LetterId }) id: number): Promise<void> {
    await this.own(caller, id);
    await this.letters.discard(caller, id);
  }

  private async own(caller: ApiKeyRow, id: number): Promise<Letter> {
    const letter = await this.letters.find(id);
    if (caller.role === 'operator' && caller.network !== letter.network) throw noLetter(id);
    return letter;
  }
}
