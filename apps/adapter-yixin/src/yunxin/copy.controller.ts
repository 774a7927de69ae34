/** The address that is entered at Yunxin for message copies (消息抄送). */
import { Body, Controller, Headers, HttpCode, HttpException, Inject, Post } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { RESULTS, toHubError } from '#protocol';
import type { CopyHeaders } from './checksum.js';
import type { YunxinAdapter } from './yunxin.adapter.js';

@Controller('copy')
export class CopyController {
  constructor(@Inject(ADAPTER) private readonly adapter: YunxinAdapter) {}

  @Post()
  @HttpCode(200)
  async copy(@Headers() headers: CopyHeaders, @Body() body: unknown): Promise<{ errCode: number }> {
    try {
      await this.adapter.copy(headers, typeof body === 'string' ? body : '');
      return { errCode: 0 };
    } catch (thrown) {
      const error = toHubError(thrown);
      this.adapter.log.info({ code: error.code, reason: error.detail }, 'copy refused');
      throw new HttpException(
        { errCode: 1, code: error.code, detail: error.detail },
        RESULTS[error.code].http,
      );
    }
  }
}
