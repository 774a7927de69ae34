/** The address that QQ, or the OneBot program, calls with events. How a call proves itself and is answered is the profile's. */
import { Body, Controller, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ADAPTER } from '#adapter-kit';
import { edgeThrough, ProvenBy, type SignedCallback } from '#adapter-webhook';
import type { QqAdapter } from './qq.adapter.js';

const edge = edgeThrough<QqAdapter>(1024 * 1024, ({ profile }) => profile);

@Controller('callback')
export class QqCallbackController {
  constructor(@Inject(ADAPTER) private readonly adapter: QqAdapter) {}

  @Post()
  @ProvenBy(edge)
  async take(@Body() callback: SignedCallback, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.adapter.webhook(callback);
    const answer = this.adapter.profile.acknowledge(callback);
    reply.status(answer === undefined ? 204 : 200);
    return answer;
  }
}
