import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { ChangeView, proposed } from '../exchange/changes.js';
import { Reason } from '../http/free-text.js';
import { SecretAnswer } from '../http/idempotency.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { KeyHash, KeyTerms, keyView, KeyView } from '../people/person.dto.js';
import { Caller } from './access.guard.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { KeyRequests } from './key-requests.js';
import { Requires } from './permissions.js';

const NewKeyBody = KeyTerms.extend({
  person: z.uuid().optional().describe('Id of the future owner. Absent: yourself'),
  sha256: KeyHash.optional().describe(
    'SHA-256 of a key that its owner made. Needed for a key of somebody else; without it the console makes the key',
  ),
  reason: Reason,
}).meta({ id: 'NewKey' });
export type NewKeyBody = z.infer<typeof NewKeyBody>;
const KeyPage = pageSchema('KeyPage', KeyView);
const KeyIssued = KeyView.extend({
  key: z.string().max(200).nullable().describe('The key, shown once; null if its owner made it'),
}).meta({ id: 'KeyIssued' });
export type KeyIssued = z.infer<typeof KeyIssued>;
const Revocation = z
  .object({
    reason: Reason,
    withDerived: z
      .boolean()
      .default(true)
      .describe(
        'true: also revoke all keys that were made with this key, directly or through other keys, without a second person',
      ),
  })
  .meta({ id: 'KeyRevocation' });
const KeyId = z.uuid();

@ApiTags('keys')
@ApiBearerAuth()
@Controller('v1/keys')
export class KeysController {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly requests: KeyRequests,
  ) {}

  @Get()
  @Requires('keys:read')
  @ApiOperation({
    summary: 'List API keys',
    description:
      'Lists the keys that are not revoked, without their secrets. An operator sees the keys of their network.',
  })
  @ApiResponse({ status: 200, standardSchema: KeyPage })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<KeyView>> {
    const rows = await this.keys.page(caller.network, keyAfter(cursor, MomentKey), limit + 1);
    return pageOf(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id], keyView);
  }

  @Post()
  @Requires('keys:write')
  @SecretAnswer()
  @ApiOperation({
    summary: 'Have an API key issued: for yourself at once, for somebody else when another person approves',
    description:
      'An operator may also issue a key to a colleague of the same network. A key of yours counts as you wherever two people are needed.',
  })
  @ApiResponse({ status: 201, standardSchema: KeyIssued })
  @ApiResponse({ status: 202, standardSchema: ChangeView, description: 'Proposed, for somebody else' })
  async issue(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: NewKeyBody }) body: NewKeyBody,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<KeyIssued | ChangeView> {
    const outcome = await this.requests.issue(caller, body);
    if ('proposal' in outcome) return proposed(reply, outcome.proposal);
    return { ...keyView(outcome.row), key: outcome.key ?? null };
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('keys:write')
  @ApiOperation({
    summary: 'Revoke an API key',
    description:
      'Also revokes the keys that were made with it, unless `withDerived` is false. If a key of another admin is among them, the request is a proposal that a second person approves.',
  })
  @ApiResponse({ status: 204, description: 'Revoked' })
  @ApiResponse({ status: 202, standardSchema: ChangeView, description: 'Proposed' })
  async revoke(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: KeyId }) id: string,
    @Body({ schema: Revocation }) body: z.infer<typeof Revocation>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChangeView | undefined> {
    const proposal = await this.requests.revoke(caller, id, body);
    return proposal && proposed(reply, proposal);
  }
}
