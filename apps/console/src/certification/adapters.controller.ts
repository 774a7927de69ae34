import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { AdapterState, Network } from '#protocol';
import { Caller } from '../access/access.guard.js';
import { Reason } from '../http/free-text.js';
import { Requires } from '../access/permissions.js';
import { AdaptersService } from './adapters.service.js';

const Revocation = z.object({ reason: Reason }).meta({ id: 'Revocation' });
const AdapterView = z
  .object({ network: z.string().max(40), build: z.string().max(300).nullable(), state: AdapterState })
  .meta({ id: 'AdapterView' });

@ApiTags('certification')
@ApiBearerAuth()
@Controller('v1/networks/:network/adapter')
export class AdaptersController {
  constructor(private readonly adapters: AdaptersService) {}

  @Post('revoke')
  @HttpCode(200)
  @Requires('adapters:revoke')
  @ApiOperation({
    summary: 'Revoke the certificate of an adapter',
    description: 'The adapter then exchanges messages with test networks only, until it is certified again.',
  })
  @ApiResponse({ status: 200, standardSchema: AdapterView })
  async revoke(
    @Caller() caller: ApiKeyRow,
    @Param('network', { schema: Network }) network: Network,
    @Body({ schema: Revocation }) { reason }: z.infer<typeof Revocation>,
  ): Promise<z.infer<typeof AdapterView>> {
    return { network, ...(await this.adapters.revoke(caller, network, reason)) };
  }
}
