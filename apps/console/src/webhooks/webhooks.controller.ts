import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { ApiKeyRow } from '#database';
import { Caller } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { Reasoned } from '../exchange/changes.js';
import { SecretAnswer } from '../http/idempotency.js';
import { keyAfter, MomentKey, pageOf, PageQuery, pageSchema, type Page } from '../http/page.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import {
  DeliveryPage,
  DeliveryQuery,
  DeliveryView,
  deliveryView,
  NewWebhook,
  SecretRotation,
  WebhookChange,
  WebhookCreated,
  WebhookView,
  webhookView,
} from './webhooks.dto.js';
import { WebhooksRepository } from './webhooks.repository.js';
import { WebhooksService } from './webhooks.service.js';

const Id = z.uuid();
const DeliveryId = z.uuid().describe('Id of the delivery');

@ApiTags('webhooks')
@ApiBearerAuth()
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly webhooks: WebhooksService,
    private readonly rows: WebhooksRepository,
    private readonly deliveries: DeliveriesRepository,
  ) {}

  @Get()
  @Requires('webhooks:read')
  @ApiOperation({
    summary: 'List webhooks, oldest first',
    description: 'An operator sees those of their network; admins and auditors see those of the exchange.',
  })
  @ApiResponse({ status: 200, standardSchema: pageSchema('WebhookPage', WebhookView) })
  async list(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: PageQuery }) { cursor, limit }: PageQuery,
  ): Promise<Page<WebhookView>> {
    const rows = await this.rows.list(caller.network, keyAfter(cursor, MomentKey), limit + 1);
    return pageOf(rows, limit, (row) => [row.created_at.toISOString(), row.id], webhookView);
  }

  @Post()
  @Requires('webhooks:write')
  @SecretAnswer()
  @ApiOperation({
    summary: 'Create a webhook',
    description:
      'Sends events of these kinds to an address, signed with a secret that the answer shows once. An operator gets the events of their network, admins get those of all networks. At most 10 for each network.',
  })
  @ApiResponse({ status: 201, standardSchema: WebhookCreated })
  async create(
    @Caller() caller: ApiKeyRow,
    @Body({ schema: NewWebhook }) body: NewWebhook,
  ): Promise<WebhookCreated> {
    const { row, secret } = await this.webhooks.create(caller, body);
    return { ...webhookView(row), secret };
  }

  @Put(':id')
  @Requires('webhooks:write')
  @ApiOperation({
    summary: 'Change a webhook',
    description: 'Waiting deliveries go to the new address. The secret stays the same.',
  })
  @ApiResponse({ status: 200, standardSchema: WebhookView })
  async change(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: WebhookChange }) body: WebhookChange,
  ): Promise<WebhookView> {
    return webhookView(await this.webhooks.change(caller, id, body));
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @Requires('webhooks:write')
  @SecretAnswer()
  @ApiOperation({
    summary: 'Replace the secret of a webhook',
    description:
      'The answer shows the new secret once. For some hours deliveries have two signatures, one with each secret, so that the receiver can change over without losing an event.',
  })
  @ApiResponse({ status: 200, standardSchema: WebhookCreated })
  async rotateSecret(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: SecretRotation }) body: SecretRotation,
  ): Promise<WebhookCreated> {
    const { row, secret } = await this.webhooks.rotateSecret(caller, id, body);
    return { ...webhookView(row), secret };
  }

  @Delete(':id')
  @HttpCode(204)
  @Requires('webhooks:write')
  @ApiOperation({
    summary: 'Remove a webhook',
    description: 'Removes its deliveries, too. Those that wait are not sent.',
  })
  @ApiResponse({ status: 204, description: 'Removed' })
  async remove(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: Reasoned }) { reason }: Reasoned,
  ): Promise<void> {
    await this.webhooks.remove(caller, id, reason);
  }

  @Post(':id/test')
  @HttpCode(202)
  @Requires('webhooks:write')
  @ApiOperation({
    summary: 'Send a test event to a webhook',
    description: 'The test is signed, retried and logged like every event. Its kind is `webhook.test`.',
  })
  @ApiResponse({ status: 202, standardSchema: DeliveryView })
  async test(@Caller() caller: ApiKeyRow, @Param('id', { schema: Id }) id: string): Promise<DeliveryView> {
    return deliveryView(await this.webhooks.test(caller, id));
  }

  @Get(':id/deliveries')
  @Requires('webhooks:read')
  @ApiOperation({
    summary: 'List deliveries of a webhook, newest first',
    description: 'Shows the outcome of the last attempt of each, for 60 days.',
  })
  @ApiResponse({ status: 200, standardSchema: DeliveryPage })
  async listDeliveries(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Query({ schema: DeliveryQuery }) { cursor, limit, state }: z.infer<typeof DeliveryQuery>,
  ): Promise<Page<DeliveryView>> {
    await this.webhooks.find(caller, id);
    const rows = await this.deliveries.page(id, state, keyAfter(cursor, MomentKey), limit + 1);
    return pageOf(rows, limit, (row) => [row.created_at.toISOString(), row.id], deliveryView);
  }

  @Post(':id/deliveries/:delivery/redeliver')
  @HttpCode(202)
  @Requires('webhooks:write')
  @ApiOperation({
    summary: 'Deliver an event again',
    description: 'The event keeps its id, by which a receiver can see that it has it already.',
  })
  @ApiResponse({ status: 202, standardSchema: DeliveryView })
  async redeliver(
    @Caller() caller: ApiKeyRow,
    @Param('id', { schema: Id }) id: string,
    @Param('delivery', { schema: DeliveryId }) delivery: string,
  ): Promise<DeliveryView> {
    return deliveryView(await this.webhooks.redeliver(caller, id, delivery));
  }
}
