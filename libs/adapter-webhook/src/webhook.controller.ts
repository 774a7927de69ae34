/** The controller of a platform that delivers everything to one address, and reads the status of the answer alone. */
import { Body, Controller, HttpCode, Inject, Post, type Type } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import type { Edge } from './edge.js';
import type { SignedCallback } from './hmac-edge.js';
import { ProvenBy } from './proven-by.js';

export interface WebhookTaking {
  /** Resolves when it may be acknowledged. @throws HubError for what the platform must deliver again */
  webhook(callback: SignedCallback): Promise<void>;
}

export function webhookController<Adapter extends WebhookTaking>(path: string, edge: Edge<Adapter>): Type {
  @Controller(path)
  class WebhookController {
    constructor(@Inject(ADAPTER) private readonly adapter: WebhookTaking) {}

    @Post()
    @ProvenBy(edge)
    @HttpCode(200)
    async take(@Body() callback: SignedCallback): Promise<object> {
      await this.adapter.webhook(callback);
      return {};
    }
  }
  return WebhookController;
}
