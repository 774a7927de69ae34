/** Serves what a link leads to: to anybody who has it, and to nobody who guesses. A file from strangers is never run in a browser. */
import { Readable } from 'node:stream';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem, Problems } from '#http';
import { cleanName, fittingName, type MediaLink } from '#protocol';
import { Public, rangedAnswer } from '#service';
import { LinksService } from './links.service.js';

/** What a browser shows or plays and never runs. Everything else is saved. */
const SHOWN = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'video/mp4',
  'video/webm',
  'audio/ogg',
  'audio/mpeg',
  'audio/mp4',
  'audio/amr',
  'audio/amr-wb',
  'audio/3gpp',
  'audio/webm',
  'video/3gpp',
  'image/avif',
  'audio/wav',
]);

const Token = z.string().max(200);

@ApiTags('media')
@Controller('m')
export class LinksController {
  constructor(private readonly links: LinksService) {}

  @Get(':token')
  @Public()
  @Problems('unavailable')
  @ApiOperation({
    summary: 'A medium that was sent to a network without media',
    description:
      'Serves the file to everybody who has the link. What a browser could run is saved, never shown. Ranges of bytes are served.',
    security: [],
  })
  @ApiResponse({ status: 200, description: 'The file' })
  @ApiResponse({ status: 206, description: 'The part of it that was asked for' })
  @ApiResponse({
    status: 404,
    standardSchema: Problem,
    description: 'The link is not one of ours, it has expired, or the file is gone',
  })
  @ApiResponse({ status: 416, description: 'The file has no such part' })
  @ApiResponse({ status: 503, standardSchema: Problem, description: 'The media store is away' })
  async medium(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = await this.links.file(token);
    const answer = rangedAnswer(request.headers.range, file.size);
    reply.status(answer.status).headers(answer.headers);
    if (answer.status === 416) {
      await reply.send();
      return;
    }
    reply.headers(headersOf(file.part));
    const isHead = request.method === 'HEAD';
    await reply.send(Readable.from(isHead ? [] : file.read(answer.from, answer.to)));
  }
}

function headersOf({ contentType, filename, hash }: MediaLink['part']): Record<string, string> {
  const shown = SHOWN.has(contentType.split(';')[0] ?? '');
  const name = encodeURIComponent(fittingName(cleanName(filename), contentType)).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return {
    'content-type': shown ? contentType : 'application/octet-stream',
    'content-disposition': `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
    etag: `"${hash.value}"`,
    'cache-control': 'private, max-age=3600',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
  };
}
