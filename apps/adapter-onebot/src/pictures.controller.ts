/** Where bots download pictures. */
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADAPTER } from '#adapter-kit';
import { jsonRefusal, parameterOf, ProvenBy, sendPart, type Edge } from '#adapter-webhook';
import type { OneBotAdapter } from './onebot.adapter.js';
import { checkKey, MEDIA_PATH } from './pictures.js';

const edge: Edge<OneBotAdapter> = {
  maxBody: 0,
  form(request, adapter) {
    const [path = ''] = request.url.split('?', 1);
    const [, , number = ''] = path.split('/');
    checkKey(adapter.botOf(number), path, parameterOf(request, 'key') ?? '');
  },
  proof: () => undefined,
  refusal: jsonRefusal,
};

@Controller(MEDIA_PATH)
export class PicturesController {
  constructor(@Inject(ADAPTER) private readonly adapter: OneBotAdapter) {}

  @Get(':bot/:id')
  @ProvenBy(edge)
  async download(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { pictures } = this.adapter;
    const part = await pictures.find(id);
    await sendPart(request, reply, part, (from, to) => pictures.read(part, from, to));
  }
}
