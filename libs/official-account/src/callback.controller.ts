/** The callback address that the operator enters at the platform: its check (GET) and its callbacks (POST). */
import { Body, Controller, Get, Header, HttpCode, Inject, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ADAPTER } from '#adapter-kit';
import { ProvenBy } from '#adapter-webhook';
import { callbackEdge, checkEdge, queryOf, type CallbackTaking } from './callback.edge.js';
import { answerCheck, type Envelope } from './callback.js';

@Controller('callback')
export class CallbackController {
  constructor(@Inject(ADAPTER) private readonly adapter: CallbackTaking) {}

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
  callback(@Body() envelope: Envelope, @Res({ passthrough: true }) answer: FastifyReply): Promise<string> {
    answer.type(this.adapter.answerType ?? 'text/xml; charset=utf-8');
    return this.adapter.callback(envelope);
  }
}
