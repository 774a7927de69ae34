import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Network } from '#protocol';
import { ROLES, type ApiKeyRow } from '#database';
import { SecretAnswer } from '../http/idempotency.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { Caller } from './access.guard.js';
import { ApiKeysService } from './api-keys.service.js';
import { freeText } from '../http/free-text.js';
import { Requires } from './permissions.js';

const NewKeyBody = z
  .object({
    name: freeText(100),
    role: z.enum(ROLES),
    network: Network.optional().describe('For operators only'),
  })
  .meta({ id: 'NewKey' });
const KeyView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    role: z.enum(ROLES),
    network: z.string().nullable(),
    prefix: z.string(),
    createdAt: z.string(),
  })
  .meta({ id: 'Key' });
const KeyPage = pageSchema('KeyPage', KeyView);
const KeyCreated = KeyView.extend({ key: z.string().describe('Shown this once') }).meta({ id: 'KeyCreated' });
const KeyId = z.uuid();

@ApiTags('keys')
@ApiBearerAuth()
@Controller('v1/keys')
export class KeysController {
  constructor(@Inject(ApiKeysService) private readonly keys: ApiKeysService) {}

  @Get()
  @Requires('keys:read')
  @ApiOperation({ summary: 'List API keys (never the keys themselves)' })
  @ApiResponse({ status: 200, standardSchema: KeyPage })
  async list(
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<z.infer<typeof KeyView>>> {
    const rows = await this.keys.page(keyAfter(cursor, MomentKey), limit + 1);
    return pageOf(rows, limit, ({ createdAt, id }) => [createdAt.toISOString(), id], view);
  }

  @Post()
  @Requires('keys:write')
  @SecretAnswer()
  @ApiOperation({ summary: 'Create an API key; it is shown this once' })
  @ApiResponse({ status: 201, standardSchema: KeyCreated })
  async create(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: NewKeyBody }) body: z.infer<typeof NewKeyBody>,
  ): Promise<z.infer<typeof KeyCreated>> {
    const { row, key } = await this.keys.create(caller, body);
    return { ...view(row), key };
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('keys:write')
  @ApiOperation({ summary: 'Revoke an API key' })
  revoke(@Caller() caller: ApiKeyRow, @Param('id', { schema: KeyId }) id: string): Promise<void> {
    return this.keys.revoke(caller, id);
  }
}

function view({ id, name, role, network, prefix, createdAt }: ApiKeyRow): z.infer<typeof KeyView> {
  return { id, name, role, network, prefix, createdAt: createdAt.toISOString() };
}
