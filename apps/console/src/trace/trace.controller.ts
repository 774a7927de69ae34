import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ApiProblem, Problems } from '#http';
import { EventId, Network, networkOf, type Address } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import type { ApiKeyRow, CheckpointRow } from '#database';
import { decimalOf } from '../settlement/amount.js';
import { MessagePriceRepository, type PriceRow } from './message-price.repository.js';
import { TraceView, type MessagePrice } from './trace.dto.js';
import { TraceRepository } from './trace.repository.js';

const NativeQuery = z.object({ network: Network, native: z.string().min(1).max(4000) });

@ApiTags('trace')
@ApiBearerAuth()
@Controller('v1/messages')
export class TraceController {
  constructor(
    private readonly repository: TraceRepository,
    private readonly prices: MessagePriceRepository,
  ) {}

  @Get(':id/trace')
  @Requires('trace:read')
  @ApiOperation({
    summary: 'Trace a message by its id',
    description:
      'Lists the checkpoints of the message, its receipts and reports, its price, and the messages before and after it in the conversation. The content of messages is not stored.',
  })
  @ApiResponse({ status: 200, standardSchema: TraceView })
  async byId(@Caller() caller: ApiKeyRow, @Param('id', { schema: EventId }) id: EventId): Promise<TraceView> {
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
  ): Promise<TraceView> {
    const event = await this.repository.eventOf(network, native);
    const trace = event === undefined ? undefined : await this.trace(caller, event);
    if (!trace) throw noMessage(`${native} of ${network}`);
    return trace;
  }

  private async trace(caller: ApiKeyRow, id: string): Promise<TraceView | undefined> {
    const rows = (await this.repository.checkpoints(id)).filter((row) => isFor(caller, row));
    const message = rows.find(({ kind, stage }) => stage === 'accepted' && kind !== 'receipt') ?? rows[0];
    if (!message) return undefined;
    const [neighbours, price] = await Promise.all([
      this.repository.neighbours(message.id, caller.network),
      this.prices.of(id, networkIn(message.from), networkIn(message.to), caller.network),
    ]);
    return {
      id,
      conversation: message.conversation,
      from: message.from,
      to: message.to,
      state: stateOf(rows),
      sentAt: message.sentAt?.toISOString() ?? null,
      ...neighbours,
      price: price ? priceView(price) : null,
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

function networkIn(address: string): Network {
  return networkOf(address as Address);
}

function priceView({ business_date, class: kind, units, price, switch_fee, tariff }: PriceRow): MessagePrice {
  return {
    businessDay: business_date,
    class: kind,
    units: Number(units),
    amount: price === null ? null : decimalOf(BigInt(price)),
    switchFee: switch_fee === null ? null : decimalOf(BigInt(switch_fee)),
    tariff,
  };
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
  return role !== 'operator' || [from, to].some((address) => networkIn(address) === network);
}

/** State of a message: its latest outcome. A network that answers twice has several, and they only move forward. */
function stateOf(rows: CheckpointRow[]): TraceView['state'] {
  const own = rows.filter(({ kind }) => kind !== 'receipt' && kind !== 'report').map(({ stage }) => stage);
  return own.findLast((stage) => stage !== 'accepted' && stage !== 'routed') ?? 'on the way';
}
