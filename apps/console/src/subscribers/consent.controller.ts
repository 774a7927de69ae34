import { Body, Controller, Get, Headers, Put, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Problems } from '#http';
import { Consent, networkOf } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ChangeView, proposed } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { ETAG, expectVersion, tagged, IF_MATCH } from '../http/versions.js';
import { ConsentService } from './consent.service.js';
import { SubscriberAddress } from './links.controller.js';

const OfAddress = z.object({ address: SubscriberAddress });
const SubscriberConsent = Consent.extend({ address: SubscriberAddress }).meta({ id: 'SubscriberConsent' });

@ApiTags('subscribers')
@ApiBearerAuth()
@Controller('v1/subscribers/consent')
export class ConsentController {
  constructor(
    private readonly consents: ConsentService,
    private readonly changes: ChangesService,
  ) {}

  @Get()
  @Problems('not-found')
  @Requires('subscribers:read')
  @ApiOperation({
    summary: 'Show the consent of a subscriber',
    description:
      'Shows which networks may write to the subscriber, and which addresses the subscriber has blocked.',
  })
  @ApiResponse({ status: 200, headers: ETAG, standardSchema: SubscriberConsent })
  async show(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: OfAddress }) { address }: z.infer<typeof OfAddress>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Consent> {
    requireOwnNetwork(caller, networkOf(address));
    const { consent, version } = await this.consents.of(address);
    return tagged(reply, version, consent);
  }

  @Put()
  @Requires('subscribers:write')
  @ApiOperation({
    summary: 'Set the consent of a subscriber',
    description:
      "An operator's request takes effect at once. An admin's request is a proposal that another person approves.",
  })
  @ApiHeader(IF_MATCH)
  @ApiResponse({ status: 200, headers: ETAG, standardSchema: SubscriberConsent })
  @ApiResponse({ status: 202, standardSchema: ChangeView, description: 'Proposed by an admin' })
  async set(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: SubscriberConsent }) body: Consent,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Consent | ChangeView> {
    requireOwnNetwork(caller, networkOf(body.address));
    if (caller.role === 'operator') {
      const { consent, version } = await this.consents.set(caller, body, ifMatch);
      return tagged(reply, version, consent);
    }
    const { version } = await this.consents.of(body.address);
    expectVersion(ifMatch, version);
    const change = { kind: 'consent.set', version, terms: body } as const;
    return proposed(reply, await this.changes.propose(caller, change, 'an admin asks for it'));
  }
}
