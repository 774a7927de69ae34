/** The address that is entered at the platform: its check (GET) and its callbacks (POST). */
import { Body, Controller, Get, Header, HttpCode, HttpException, Inject, Post, Query } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { RESULTS, toHubError } from '#protocol';
import { answerCheck, type CallbackQuery } from './callback.js';
import type { OfficialAccountAdapter } from './official-account.adapter.js';

@Controller('callback')
export class CallbackController {
  constructor(@Inject(ADAPTER) private readonly adapter: OfficialAccountAdapter) {}

  @Get()
  @Header('content-type', 'text/plain; charset=utf-8')
  check(@Query() query: CallbackQuery): string {
    return this.serve(() => answerCheck(query, this.adapter.secrets));
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', 'text/xml; charset=utf-8')
  async callback(@Query() query: CallbackQuery, @Body() body: unknown): Promise<string> {
    try {
      return await this.serve(() => this.adapter.callback(query, typeof body === 'string' ? body : ''));
    } catch (thrown) {
      throw thrown instanceof HttpException ? thrown : refusal(thrown);
    }
  }

  private serve<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      throw refusal(thrown);
    }
  }
}

function refusal(thrown: unknown): HttpException {
  const error = toHubError(thrown);
  return new HttpException(`${error.code} ${error.detail}`, RESULTS[error.code].http);
}
