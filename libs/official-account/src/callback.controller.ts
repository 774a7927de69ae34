/** The callback address that the operator enters at the platform: its check (GET) and its callbacks (POST). */
import { Body, Controller, Get, Header, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { ProvenBy } from '#adapter-webhook';
import { callbackEdge, checkEdge, queryOf } from './callback.edge.js';
import { answerCheck, type Envelope } from './callback.js';
import type { OfficialAccountAdapter } from './official-account.adapter.js';

@Controller('callback')
export class CallbackController {
  constructor(@Inject(ADAPTER) private readonly adapter: OfficialAccountAdapter) {}

  @Get()
  @ProvenBy(checkEdge)
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  check(@Query() query: Record<string, unknown>): string {
    return answerCheck(queryOf({ query }), this.adapter.secrets);
  }

  /** @throws HubError when the callback could not be stored now: the platform delivers it again, three times in all */
  @Post()
  @ProvenBy(callbackEdge)
  @HttpCode(200)
  @Header('content-type', 'text/xml; charset=utf-8')
  callback(@Body() envelope: Envelope): Promise<string> {
    return this.adapter.callback(envelope);
  }
}
