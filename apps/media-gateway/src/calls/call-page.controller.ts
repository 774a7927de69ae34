/** The page of a call, its script and its style. The link is the secret; everything else is said over the WebSocket. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Header, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Problems } from '#http';
import { Public } from '#service';
import { CallPages } from './call-pages.js';

/** Read once. The program runs in the folder that has `apps`. */
const FOLDER = join('apps', 'media-gateway', 'page');
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'media-src mediastream: blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const Token = z.string().max(64);

@ApiTags('calls')
@Controller('call')
export class CallPageController {
  private readonly html = read('call.html');
  private readonly script = read('call.js');
  private readonly style = read('call.css');

  constructor(private readonly pages: CallPages) {}

  @Get('page.js')
  @Public()
  @Problems()
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header('cache-control', 'no-cache')
  @ApiOperation({
    summary: 'Script of the call page',
    description: 'The program of the call page in the browser.',
    security: [],
  })
  @ApiResponse({ status: 200, description: 'The script' })
  pageScript(): string {
    return this.script;
  }

  @Get('page.css')
  @Public()
  @Problems()
  @Header('content-type', 'text/css; charset=utf-8')
  @Header('cache-control', 'no-cache')
  @ApiOperation({
    summary: 'Style of the call page',
    description: 'The style sheet of the call page.',
    security: [],
  })
  @ApiResponse({ status: 200, description: 'The style sheet' })
  pageStyle(): string {
    return this.style;
  }

  @Get(':token')
  @Public()
  @Problems()
  @ApiOperation({
    summary: 'Open a call page',
    description:
      'The page on which a person calls, or answers, with a browser. Everybody who has the link may open it, one browser at a time. What happens is said over a WebSocket at the same path, followed by `/socket`.',
    security: [],
  })
  @ApiResponse({ status: 200, description: 'The page' })
  @ApiResponse({ status: 404, description: 'The link is wrong, or the call is over. The page says so' })
  async page(@Param('token', { schema: Token }) token: string, @Res() reply: FastifyReply): Promise<void> {
    await reply
      .status(this.pages.ofToken(token) ? 200 : 404)
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': POLICY,
        'permissions-policy': 'microphone=(self), camera=(self)',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex',
      })
      .send(this.html);
  }
}
