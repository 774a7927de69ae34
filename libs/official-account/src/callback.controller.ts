/** The address that is entered at the platform: its check (GET) and its callbacks (POST). */
import { Body, Controller, Get, Header, HttpCode, HttpException, Inject, Post, Query } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { RESULTS, toHubError } from '#protocol';
import { answerCheck, TAKEN, type CallbackQuery } from './callback.js';
import type { OfficialAccountAdapter } from './official-account.adapter.js';

@Controller('callback')
export class CallbackController {
  constructor(@Inject(ADAPTER) private readonly adapter: OfficialAccountAdapter) {}

  @Get()
  @Header('content-type', 'text/plain; charset=utf-8')
  check(@Query() query: Record<string, unknown>): string {
    try {
      return answerCheck(plainQuery(query), this.adapter.secrets);
    } catch (thrown) {
      throw refusal(thrown);
    }
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', 'text/xml; charset=utf-8')
  /** @throws HttpException for what is not from the platform, or could not be stored now */
  async callback(@Query() query: Record<string, unknown>, @Body() body: unknown): Promise<string> {
    try {
      return await this.adapter.callback(plainQuery(query), typeof body === 'string' ? body : '');
    } catch (thrown) {
      const error = toHubError(thrown);
      // It came from the platform, and sending it again would change nothing: the person would read "out of order".
      if (error.code !== '31' && error.verdict !== 'retry') return TAKEN;
      throw refusal(error);
    }
  }
}

/** A parameter that comes twice is none. */
function plainQuery(query: Record<string, unknown>): CallbackQuery {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => typeof value === 'string'),
  ) as CallbackQuery;
}

function refusal(thrown: unknown): HttpException {
  const error = toHubError(thrown);
  return new HttpException(`${error.code} ${RESULTS[error.code].name}`, RESULTS[error.code].http);
}
