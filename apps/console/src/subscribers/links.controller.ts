import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ApiProblem, Problems } from '#http';
import { Address, MOST_LINKS, E164, isTel, networkOf } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ChangeView, proposed } from '../exchange/changes.js';
import { ChangesService } from '../exchange/changes.service.js';
import { DirectoryService } from '../numbers/directory.service.js';
import type { GovernedChange } from '../people/governed-changes.js';
import { CODE } from './codes.js';
import type { LinkColumns } from './links.repository.js';
import { LinksService } from './links.service.js';

export const SubscriberAddress = Address.max(1000);
const OfAddress = z.object({ address: SubscriberAddress });
const OneLink = z.object({ number: E164, address: SubscriberAddress });
const NewLink = OneLink.extend({
  preferred: z
    .boolean()
    .default(false)
    .describe('true: the number leads to this address from now on. The first link of a number always does'),
  findable: z.boolean().default(true).describe('true: other people can find the subscriber by this number'),
}).meta({ id: 'NewLink' });
const Started = z.object({ id: z.uuid(), expiresAt: z.string().max(40) }).meta({ id: 'LinkStarted' });
const Codes = z
  .object({
    numberCode: z.string().regex(CODE).describe('Code that was sent to the number'),
    addressCode: z.string().regex(CODE).describe('Code that was sent to the address'),
  })
  .meta({ id: 'LinkCodes' });
const LinkChange = OneLink.extend({ findable: z.boolean() }).meta({ id: 'LinkChange' });
const LinkView = NewLink.extend({ since: z.string().max(40) }).meta({ id: 'SubscriberLink' });
type LinkView = z.infer<typeof LinkView>;
const ChallengeId = z.uuid();

@ApiTags('subscribers')
@ApiBearerAuth()
@Controller('v1/subscribers/links')
export class NumberLinksController {
  constructor(
    private readonly database: DataSource,
    private readonly links: LinksService,
    private readonly directory: DirectoryService,
    private readonly changes: ChangesService,
  ) {}

  @Get()
  @Problems('not-found')
  @Requires('subscribers:read')
  @ApiOperation({
    summary: 'List the numbers linked with an address',
    description: 'Lists verified links only.',
  })
  @ApiResponse({ status: 200, standardSchema: z.array(LinkView).max(MOST_LINKS) })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: OfAddress }) { address }: z.infer<typeof OfAddress>,
  ): Promise<LinkView[]> {
    requireOwnNetwork(caller, networkOf(address));
    return (await this.links.of(address)).map(view);
  }

  @Post()
  @Problems('no-network-for-number')
  @Requires('links:make')
  @ApiOperation({
    summary: 'Start linking a number with an address',
    description:
      'The hub sends one code to the number and one to the address. Confirm with both codes. At most five starts an hour for a number, an address or a caller.',
  })
  @ApiResponse({ status: 201, standardSchema: Started })
  async start(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: NewLink }) body: z.infer<typeof NewLink>,
  ): Promise<z.infer<typeof Started>> {
    requireOwnNetwork(caller, networkOf(body.address));
    if (isTel(body.address))
      throw new ApiProblem('invalid', 'address: must be an address of a network, not a telephone number');
    const { id, expiresAt } = await this.links.start(body, caller);
    return { id, expiresAt: expiresAt.toISOString() };
  }

  @Post(':id/confirm')
  @HttpCode(200)
  @Problems('gone')
  @Requires('links:make')
  @ApiOperation({
    summary: 'Confirm a link with both codes',
    description:
      'A challenge takes five attempts and then expires. The answer does not say which code is wrong.',
  })
  @ApiResponse({ status: 200, standardSchema: LinkView })
  async confirm(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: ChallengeId }) id: string,
    @Body({ schema: Codes }) { numberCode, addressCode }: z.infer<typeof Codes>,
  ): Promise<LinkView> {
    await this.links.mayConfirm(caller, id);
    return view(await this.links.confirm(caller, id, { number: numberCode, address: addressCode }));
  }

  @Patch()
  @Requires('subscribers:write')
  @ApiOperation({
    summary: 'Set whether a subscriber can be found by a number',
    description:
      "An operator's request takes effect at once. An admin's request is a proposal that another person approves.",
  })
  @ApiResponse({ status: 200, standardSchema: LinkView })
  @ApiResponse({ status: 202, standardSchema: ChangeView, description: 'Proposed by an admin' })
  async change(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: LinkChange }) body: z.infer<typeof LinkChange>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LinkView | ChangeView> {
    const { number, address, findable } = body;
    requireOwnNetwork(caller, networkOf(address));
    if (caller.role !== 'operator') return this.propose(caller, reply, { kind: 'link.change', ...body });
    const row = await this.database.transaction((manager) =>
      this.links.setFindable(manager, caller, number, address, findable),
    );
    await this.directory.changed(number);
    return view(row);
  }

  @Delete()
  @HttpCode(204)
  @Problems('not-found')
  @Requires('subscribers:write')
  @ApiOperation({
    summary: 'Remove a link',
    description:
      "An operator's request takes effect at once. An admin's request is a proposal that another person approves.",
  })
  @ApiResponse({ status: 204, description: 'Done' })
  @ApiResponse({ status: 202, standardSchema: ChangeView, description: 'Proposed by an admin' })
  async remove(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: OneLink }) { number, address }: z.infer<typeof OneLink>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangeView | undefined> {
    requireOwnNetwork(caller, networkOf(address));
    if (caller.role !== 'operator')
      return this.propose(caller, reply, { kind: 'link.remove', number, address });
    await this.database.transaction((manager) => this.links.remove(manager, caller, number, address));
    await this.directory.changed(number);
    return undefined;
  }

  private async propose(caller: ApiKeyRow, reply: FastifyReply, change: GovernedChange): Promise<ChangeView> {
    return proposed(reply, await this.changes.propose(caller, change, 'an admin asks for it'));
  }
}

function view({ number, address, preferred, findable, since }: LinkColumns): LinkView {
  return { number: `+${number}` as E164, address, preferred, findable, since: since.toISOString() };
}
