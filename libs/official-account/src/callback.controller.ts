/** The address that is entered at the platform: its check (GET) and its callbacks (POST). */
import { Body, Controller, Get, Header, HttpCode, HttpException, Inject, Post, Query } from '@nestjs/common';
import { ADAPTER, ProvenBy } from '#adapter-kit';
import { HubError, RESULTS, toHubError } from '#protocol';
import { callbackEdge, checkEdge, queryOf } from './callback.edge.js';
import { answerCheck, TAKEN, type Opened } from './callback.js';
import type { OfficialAccountAdapter } from './official-account.adapter.js';

@Controller('callback')
export class CallbackController {
  constructor(@Inject(ADAPTER) private readonly adapter: OfficialAccountAdapter) {}

  @Get()
  @ProvenBy(checkEdge)
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  check(@Query() query: Record<string, unknown>): string {
    return answerCheck(queryOf({ query }), this.adapter.secrets);
  }

  @Post()
  @ProvenBy(callbackEdge)
  @HttpCode(200)
  @Header('content-type', 'text/xml; charset=utf-8')
  /** @throws HttpException for what could not be stored now */
  async callback(@Body() opened: Opened | HubError): Promise<string> {
    try {
      if (opened instanceof HubError) throw opened;
      return await this.adapter.callback(opened);
    } catch (thrown) {
      const error = toHubError(thrown);
      // It came from the platform, and sending it again would change nothing: the person would read "out of order".
      if (error.verdict !== 'retry') return TAKEN;
      throw new HttpException(`${error.code} ${RESULTS[error.code].name}`, RESULTS[error.code].http);
    }
  }
}
