/** Actions over HTTP: `GET` or `POST /<action>`, with parameters in the query, as a form, or as JSON. */
import { Body, Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ADAPTER } from '#adapter-kit';
import { headerOf, jsonRefusal, parameterOf, ProvenBy, type Edge, type EdgeRequest } from '#adapter-webhook';
import { HubError } from '#protocol';
import { JsonRefused, readJson } from '#service';
import type { OneBotAdapter } from './onebot.adapter.js';
import type { Bot } from './onebot.config.js';
import { BAD_REQUEST, NO_SUCH_ACTION } from './onebot.errors.js';
import { tokenIn, type Params } from './to-canonical.js';

/** A picture of 8 MB in base64. */
const MAX_BODY = 12 * 1024 * 1024;
const BOUNDS = { depth: 16, values: 20_000 };

interface Asked {
  bot: Bot;
  params: Params;
}

const edge: Edge<OneBotAdapter> = {
  maxBody: MAX_BODY,
  form(request, adapter) {
    botOf(request, adapter);
  },
  proof: () => undefined,
  parse: async (body, request, adapter): Promise<Asked> => ({
    bot: botOf(request, adapter),
    params: await paramsIn(body),
  }),
  refusal: jsonRefusal,
};

@Controller()
export class ActionsController {
  constructor(@Inject(ADAPTER) private readonly adapter: OneBotAdapter) {}

  @Post(':action')
  @ProvenBy(edge)
  post(@Param('action') action: string, @Body() { bot, params }: Asked, @Res() reply: FastifyReply) {
    return this.answer(action, bot, params, reply);
  }

  @Get(':action')
  @ProvenBy(edge)
  get(
    @Param('action') action: string,
    @Query() params: Params,
    @Body() { bot }: Asked,
    @Res() reply: FastifyReply,
  ) {
    return this.answer(action, bot, params, reply);
  }

  private async answer(action: string, bot: Bot, params: Params, reply: FastifyReply): Promise<void> {
    const response = await this.adapter.act(bot.selfId, { action, params });
    const { retcode } = response as { retcode?: number };
    const status = retcode === NO_SUCH_ACTION ? 404 : retcode === BAD_REQUEST ? 400 : 200;
    await reply.status(status).send(response);
  }
}

/** @throws HubError 31 */
function botOf(request: EdgeRequest, adapter: OneBotAdapter): Bot {
  const query = parameterOf(request, 'access_token');
  const bot = adapter.botWith(tokenIn(headerOf(request, 'authorization'), query));
  if (!bot) throw new HubError('31', 'no bot has this access token');
  return bot;
}

/** A form or JSON: the body itself says it, because the kit reads no content type of strangers. @throws HubError 30 */
async function paramsIn(body: Buffer): Promise<Params> {
  if (body.length === 0) return {};
  if (/^\w{1,64}=/.test(body.toString('latin1', 0, 65)))
    return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  const json = await readJson(body, BOUNDS).catch((error: unknown) => {
    if (error instanceof JsonRefused) return undefined;
    throw error;
  });
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new HubError('30', 'expected the parameters as an object in JSON, or as a form');
  return json as Params;
}
