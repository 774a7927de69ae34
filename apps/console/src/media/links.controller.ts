/** Serves what a link leads to: to anybody who has it, and to nobody who guesses. A file from strangers is never run in a browser. */
import { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Bucket, MediaStore } from '#bus';
import { ApiProblem } from '#http';
import { BUCKETS, cleanName, fittingName, linkKey, MediaLink, mediaPlace, readLink } from '#protocol';
import type { ConsoleSettings } from '../console.config.js';
import { ConsoleBus } from '../core/console-bus.js';
import { Public, rangedAnswer, SETTINGS } from '#service';

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
export class MediaLinksController {
  private readonly store: MediaStore;
  private readonly links: Bucket;
  private readonly secret: string | undefined;

  constructor(@Inject(ConsoleBus) bus: ConsoleBus, @Inject(SETTINGS) settings: ConsoleSettings) {
    this.secret = settings.MEDIA_LINK_KEY;
    this.store = new MediaStore(bus.link);
    this.links = new Bucket(bus.link, bus.publisher, BUCKETS.links);
  }

  @Get(':token')
  @Public()
  @ApiOperation({ summary: 'A medium that was sent to a network without media', security: [] })
  @ApiResponse({ status: 200, description: 'The file' })
  @ApiResponse({ status: 206, description: 'The part of it that was asked for' })
  @ApiResponse({ status: 404, description: '14: the link is not one of ours, or the file is gone' })
  async medium(
    @Param('token', { schema: Token }) token: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { part } = await this.find(token);
    const key = Buffer.from(part.seal.key, 'base64url');
    const place = mediaPlace(part.url);
    // What is there counts, not what its sender said of it.
    const size = (await this.store.info(place))?.size;
    if (size === undefined) throw gone('the file is no longer there');
    const answer = rangedAnswer(request.headers.range, size);
    reply.status(answer.status).headers(answer.headers);
    if (answer.status === 416) {
      await reply.send();
      return;
    }
    reply.headers(headersOf(part));
    await reply.send(
      request.method === 'HEAD'
        ? Readable.from([])
        : Readable.from(this.store.read(place, key, answer.from, answer.to)),
    );
  }

  private async find(token: string): Promise<MediaLink> {
    const known = this.secret === undefined ? undefined : readLink(this.secret, token);
    if (!known) throw gone('no such link');
    if (known.expired) throw gone('the link has expired');
    const link = MediaLink.safeParse(await this.links.get(linkKey(known.id)));
    if (!link.success) throw gone('the link has expired');
    return link.data;
  }
}

function gone(detail: string): ApiProblem {
  return new ApiProblem('not-found', detail);
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
