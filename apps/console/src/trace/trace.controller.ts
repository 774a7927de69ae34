import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ApiProblem, Problems } from '#http';
import { EventId, Network, networkOf, OUTCOME_STAGES, type Address } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { TRACE_STAGES, type ApiKeyRow, type CheckpointRow } from '#database';
import { TraceRepository } from './trace.repository.js';

const TraceView = z
  .object({
    id: z.string().max(4000),
    conversation: z.string().max(4000),
    from: z.string().max(20_000),
    to: z.string().max(20_000),
    state: z.enum(['on the way', ...OUTCOME_STAGES]),
    checkpoints: z
      .array(
        z.object({
          stage: z.enum(TRACE_STAGES),
          kind: z.string().max(100),
          network: z.string().max(40),
          code: z.string().max(100),
          detail: z.string().max(4000).nullable(),
          at: z.string().max(40),
        }),
      )
      .max(10_000),
  })
  .meta({ id: 'Trace' });
const NativeQuery = z.object({ network: Network, native: z.string().min(1).max(4000) });

@ApiTags('trace')
@ApiBearerAuth()
@Controller('v1/messages')
export class TraceController {
  constructor(private readonly repository: TraceRepository) {}

  @Get(':id/trace')
  @Requires('trace:read')
  @ApiOperation({
    summary: 'Trace a message by its id',
    description:
      'Lists the checkpoints of the message, its receipts and reports. The content of messages is not stored.',
  })
  @ApiResponse({ status: 200, standardSchema: TraceView })
  async byId(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: EventId }) id: EventId,
  ): Promise<z.infer<typeof TraceView>> {
    const trace = await this.trace(caller, id);
    if (!trace) throw noMessage(id);
    return trace;
  }

  @Get('trace')
  @Problems('not-found')
  @Requires('trace:read')
  @ApiOperation({
    summary: 'Trace a message by its native id',
    description:
      'Lists the checkpoints of the message to which a network gave this id. The content of messages is not stored.',
  })
  @ApiResponse({ status: 200, standardSchema: TraceView })
  async byNative(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: NativeQuery }) { network, native }: z.infer<typeof NativeQuery>,
  ): Promise<z.infer<typeof TraceView>> {
    const event = await this.repository.eventOf(network, native);
    const trace = event === undefined ? undefined : await this.trace(caller, event);
    if (!trace) throw noMessage(`${native} of ${network}`);
    return trace;
  }

  private async trace(caller: ApiKeyRow, id: string): Promise<z.infer<typeof TraceView> | undefined> {
    const rows = (await this.repository.checkpoints(id)).filter((row) => isFor(caller, row));
    const message = rows.find(({ kind, stage }) => stage === 'accepted' && kind !== 'receipt') ?? rows[0];
    if (!message) return undefined;
    return {
      id,
      conversation: message.conversation,
      from: message.from,
      to: message.to,
      state: stateOf(rows),
      checkpoints: rows.map(({ stage, kind, network, code, detail, at }) => ({
        stage,
        kind,
        network,
        code,
        detail,
        at: at.toISOString(),
      })),
    };
  }
}

/** The same answer for a message that does not exist and for one of other networks. */
function noMessage(what: string): ApiProblem {
  return new ApiProblem(
    'not-found',
    `no message ${what}; a message shows up here about a second after it was accepted`,
  );
}

/**
 * Checkpoints that an operator may see: those of messages from or to people of their network. Another network that publishes the
 * same id does not get access to them.
 */
function isFor({ role, network }: ApiKeyRow, { from, to }: CheckpointRow): boolean {
  return role !== 'operator' || [from, to].some((address) => networkOf(address as Address) === network);
}

/** State of a message: its latest outcome. A network that answers twice has several, and they only move forward. */
function stateOf(rows: CheckpointRow[]): z.infer<typeof TraceView>['state'] {
  const own = rows.filter(({ kind }) => kind !== 'receipt' && kind !== 'report').map(({ stage }) => stage);
  return own.findLast((stage) => stage !== 'accepted' && stage !== 'routed') ?? 'on the way';
}
