/** Positions of a closed day and the payments behind them, as the console draws them. */
import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { decimalOf } from './amount.js';
import { businessDayOf } from './business-days.repository.js';
import { MOST_PAYMENTS, MOST_POSITIONS, paymentsOf, positionsOf } from './positions.repository.js';
import { BusinessDate } from './settlement.dto.js';

const amount = z.string().max(100);
const PositionsView = z
  .object({
    date: z.string().max(40),
    positions: z
      .array(
        z.object({
          party: z.string().max(60),
          amount: amount.describe('Yuan; positive: the party receives it'),
          paid: amount.describe('Yuan: what of it is recorded as paid, with the same sign'),
        }),
      )
      .max(MOST_POSITIONS)
      .describe('The largest first. Their sum is zero, unless only the own one is shown'),
    payments: z
      .array(
        z.object({
          from: z.string().max(60).describe('Party that pays'),
          to: z.string().max(60).describe('Party that receives the amount'),
          amount: amount.describe('Yuan, the total of the day'),
        }),
      )
      .max(MOST_PAYMENTS)
      .describe('Payments before netting, the largest first'),
    more: z.boolean().describe('true: there are more payments than are shown'),
  })
  .meta({ id: 'DayPositions' });

@ApiTags('clearing')
@ApiBearerAuth()
@Controller('v1/business-days/:date/positions')
export class PositionsController {
  constructor(private readonly database: DataSource) {}

  @Get()
  @Requires('clearing:read')
  @ApiOperation({
    summary: 'Show positions and payments of a closed business day',
    description:
      'What the parties owe each other before netting, and the one position of each after it. An operator or integrator sees its own position, and its own payments.',
  })
  @ApiResponse({ status: 200, standardSchema: PositionsView })
  async show(
    @Caller() { network }: ApiKeyRow,
    @Param('date', { schema: BusinessDate }) date: string,
  ): Promise<z.infer<typeof PositionsView>> {
    const day = await businessDayOf(this.database, date, network);
    if (day?.state !== 'closed')
      throw new ApiProblem('not-found', `no positions for ${date}: it is not closed`);
    const positions = await positionsOf(this.database, date, network);
    const payments = await paymentsOf(this.database, date, network);
    return {
      date,
      positions: positions.map(({ party, amount: due, paid }) => ({
        party,
        amount: decimalOf(BigInt(due)),
        paid: decimalOf(BigInt(paid)),
      })),
      payments: payments
        .slice(0, MOST_PAYMENTS)
        .map(({ from, to, amount: paid }) => ({ from, to, amount: decimalOf(BigInt(paid)) })),
      more: payments.length > MOST_PAYMENTS,
    };
  }
}
