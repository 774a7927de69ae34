import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema } from '../http/page.js';
import type { AdjustmentRow } from './adjustments.repository.js';
import { AdjustmentsService } from './adjustments.service.js';
import { decimalOf } from './amount.js';
import { BusinessDate } from './settlement.dto.js';

const AdjustmentView = z
  .object({
    id: z.uuid(),
    from: z.string().max(100).describe('Party that pays'),
    to: z.string().max(100).describe('Party that receives the amount'),
    amount: z.string().max(100).describe('Amount in yuan'),
    text: z.string().max(5000).describe('Decision and reason; the same text is in the statement'),
    reference: z.string().max(4000).nullable().describe('Reference of the disputed detail record'),
    dispute: z.uuid().nullable(),
    difference: z.uuid().nullable(),
    createdAt: z.string().max(40),
    businessDate: z
      .string()
      .max(40)
      .nullable()
      .describe('Business day whose close included it; null: none yet'),
  })
  .meta({ id: 'Adjustment' });
type AdjustmentView = z.infer<typeof AdjustmentView>;
const AdjustmentPage = pageSchema('AdjustmentPage', AdjustmentView);
const AdjustmentQuery = PageQuery.extend({
  date: BusinessDate.optional().describe('Only entries that the close of this business day included'),
});

@ApiTags('settlement')
@ApiBearerAuth()
@Controller('v1/adjustments')
export class AdjustmentsController {
  constructor(private readonly adjustments: AdjustmentsService) {}

  @Get()
  @Requires('adjustments:read')
  @ApiOperation({
    summary: 'List adjusting entries, newest first',
    description: 'An operator sees the entries that their network pays or receives.',
  })
  @ApiResponse({ status: 200, standardSchema: AdjustmentPage })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: AdjustmentQuery }) { cursor, limit, date }: z.infer<typeof AdjustmentQuery>,
  ): Promise<z.infer<typeof AdjustmentPage>> {
    const { network } = caller;
    const rows = await this.adjustments.list({ network, date, before: keyAfter(cursor, MomentKey), limit });
    return pageOf(rows, limit, ({ created_at: at, id }) => [at.toISOString(), id], adjustmentView);
  }
}

function adjustmentView(row: AdjustmentRow): AdjustmentView {
  const { id, dispute, difference, reference } = row;
  return {
    id,
    from: row.from_party,
    to: row.to_party,
    amount: decimalOf(BigInt(row.amount)),
    text: row.reason,
    reference,
    dispute,
    difference,
    createdAt: row.created_at.toISOString(),
    businessDate: row.business_date,
  };
}
