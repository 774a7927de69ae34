/** Media of the open interface over HTTP. Every request is signed; an upload by the hash of its content. */
import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADAPTER } from '#adapter-kit';
import { ProvenBy } from '#adapter-webhook';
import { HubError, isSuccess } from '#protocol';
import { rangedAnswer } from '#service';
import type { OpenAdapter } from './open.adapter.js';
import type { Uploaded } from './open.schema.js';
import { contentHash, signedEdge, uploadEdge } from './open.edge.js';

@Controller('open/v1/media')
export class OpenMediaController {
  constructor(@Inject(ADAPTER) private readonly adapter: OpenAdapter) {}

  @Post()
  @ProvenBy(uploadEdge)
  @HttpCode(201)
  async upload(@Req() request: FastifyRequest, @Query('name') name: string | undefined): Promise<Uploaded> {
    try {
      return await this.adapter.media.upload(contentOf(request), name, contentHash(request));
    } catch (thrown) {
      throw asRefusal(thrown);
    }
  }

  @Get(':id')
  @ProvenBy(signedEdge)
  async download(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const part = await this.adapter.media.fetched(id);
    const answer = rangedAnswer(request.headers.range, part.size);
    reply.status(answer.status).headers(answer.headers);
    if (answer.status === 416) {
      await reply.send();
      return;
    }
    reply.headers({ 'content-type': part.contentType, 'x-content-type-options': 'nosniff' });
    await reply.send(Readable.from(this.adapter.media.read(part, answer.from, answer.to)));
  }
}

function contentOf({ body }: FastifyRequest): AsyncIterable<Uint8Array> {
  if (body instanceof Readable) return body;
  throw new HubError('30', 'the body is the content itself');
}

/** For a message these codes mean that it arrived without its attachment; for an upload, that it was refused. */
function asRefusal(thrown: unknown): unknown {
  if (!(thrown instanceof HubError) || !isSuccess(thrown.code)) return thrown;
  return new HubError(thrown.code === '105' ? '61' : '30', thrown.detail);
}
