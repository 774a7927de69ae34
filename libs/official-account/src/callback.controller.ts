/** The address that is entered at the platform: its check (GET) and its callbacks (POST). */
import { Body, Controller, Get, Header, HttpCode, HttpException, Inject, Post, Query } from '@nestjs/common';
import { ADAPTER, ProvenBy } from '#adapter-kit';
import { RESULTS, toHubError } from '#protocol';
import { callbackEdge, checkEdge, queryOf } from './callback.edge.js';
import { answerCheck, type Envelope } from './callback.js';
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
  /** @throws HttpException for what could not be stored now: the platform brings it again, three times in all */
  async callback(@Body() envelope: Envelope): Promise<string> {
    try {
      return await this.adapter.callback(envelope);
    } catch (thrown) {
      const { code } = toHubError(thrown);
      throw new HttpException(`${code} ${RESULTS[code].name}`, RESULTS[code].http);
    }
  }
}
