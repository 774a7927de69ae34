/** Media of the open interface over HTTP. Every request is signed; an upload by the hash of its content. */
import { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADAPTER } from '#adapter-kit';
import { ProvenBy, sendPart } from '#adapter-webhook';
import { HubError, isSuccess } from '#protocol';
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
    const { media } = this.adapter;
    const part = await media.fetched(id);
    await sendPart(request, reply, part, (from, to) => media.read(part, from, to));
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
