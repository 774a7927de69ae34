/** Serves the attachment behind a signed link to everybody who has the link. Files that a browser could execute are only downloaded. */
import { Readable } from 'node:stream';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Problem, Problems } from '#http';
import { cleanName, fittingName, type MediaLink } from '#protocol';
import { Public, rangedAnswer } from '#service';
import { LinksService } from './links.service.js';

/** Types that a browser shows or plays without executing anything. Files of other types are downloaded. */
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
    summary: 'Download an attachment',
    description:
      'The link replaces an attachment in a message to a network that cannot show it. Everybody who has the link gets the file. Pictures, videos and audio are shown, other files are downloaded. Range requests are supported.',
    security: [],
  })
  @ApiResponse({ status: 200, description: 'The file' })
  @ApiResponse({ status: 206, description: 'The requested range of the file' })
  @ApiResponse({
    status: 404,
    standardSchema: Problem,
    description: 'The link is invalid or expired, or the file was deleted',
  })
  @ApiResponse({ status: 416, description: 'The file has no such range' })
  @ApiResponse({
    status: 503,
    standardSchema: Problem,
    description: 'The media store cannot be reached. Try again later',
  })
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
