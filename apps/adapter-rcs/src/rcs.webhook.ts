/** The address that the platform calls with notifications. How a call proves itself and is answered is the dialect's. */
import { Body, Controller, Get, Headers, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ADAPTER } from '#adapter-kit';
import { edgeThrough, ProvenBy, type Edge, type SignedCallback } from '#adapter-webhook';
import type { RcsAdapter } from './rcs.adapter.js';

const notification = edgeThrough<RcsAdapter>(256 * 1024, ({ client }) => client);
/** The check of the address has no body. */
const check: Edge<RcsAdapter> = { ...notification, maxBody: 0, parse: () => undefined };

@Controller('notify')
export class RcsNotificationController {
  constructor(@Inject(ADAPTER) private readonly adapter: RcsAdapter) {}

  /** The platform checks the address before it uses it. */
  @Get('notifyPath')
  @ProvenBy(check)
  check(
    @Headers('echostr') echoStr: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): object {
    const appId = this.adapter.settings.RCS_APP_ID;
    reply.headers({ echoStr: echoStr?.slice(0, 1000) ?? '', appId });
    return { echoStr, appId };
  }

  /** Each kind of notification has a path of its own, and says in its body what it is. */
  @Post([':kind/:chatbot', ':kind/:chatbot/:about', ':kind/:chatbot/:about/:what'])
  @ProvenBy(notification)
  async take(@Body() callback: SignedCallback, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.adapter.webhook(callback);
    const answer = this.adapter.client.acknowledge(callback);
    reply.status(answer === undefined ? 204 : 200);
    return answer;
  }
}
