/** One person with all numbers and addresses. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Problems } from '#http';
import { networkOf, numberOf, type Address } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { OfPerson, SubscriberPerson } from './subscriber-persons.dto.js';
import { SubscriberPersonsService } from './subscriber-persons.service.js';

@ApiTags('subscribers')
@ApiBearerAuth()
@Controller('v1/subscribers/person')
export class SubscriberPersonsController {
  constructor(private readonly persons: SubscriberPersonsService) {}

  @Get()
  @Problems('not-found', 'unavailable')
  @Requires('subscribers:read')
  @ApiOperation({
    summary: 'Show one person with all numbers and addresses',
    description:
      'Follows verified links from a number or an address. Shows who has each number and why, and consent and blocks of each address. An operator sees the addresses of the own network only. Each look-up is in the audit log.',
  })
  @ApiResponse({ status: 200, standardSchema: SubscriberPerson })
  async show(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: OfPerson }) { of }: z.infer<typeof OfPerson>,
  ): Promise<SubscriberPerson> {
    const address = of.startsWith('+') ? undefined : (of as Address);
    if (address !== undefined && numberOf(address) === undefined)
      requireOwnNetwork(caller, networkOf(address));
    return this.persons.find(caller, of);
  }
}
