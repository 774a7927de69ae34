/** Login pictures: which accounts wait for one, and its answer. For the operator, with a key of his own. */
import { Body, Controller, Get, Headers, HttpException, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { ADAPTER } from '#adapter-kit';
import { sameSecret } from '#service';
import type { FetionAdapter } from './fetion.adapter.js';
import { fetchCaptcha } from './sign-in.js';

const Answer = z.object({ id: z.string().min(1), algorithm: z.string(), text: z.string().min(1).max(20) });

@Controller('fetion/captchas')
export class CaptchaController {
  constructor(@Inject(ADAPTER) private readonly adapter: FetionAdapter) {}

  @Get()
  async list(@Headers('authorization') key?: string) {
    this.authorize(key);
    return Promise.all(
      this.adapter.waitingForCaptcha().map(async ({ account, captchaAlgorithm }) => ({
        account: account.mobile,
        ...(await fetchCaptcha(this.adapter.navigationUrl, captchaAlgorithm ?? '')),
      })),
    );
  }

  @Post(':account')
  answer(
    @Param('account') account: string,
    @Body() body: unknown,
    @Headers('authorization') key?: string,
  ): { account: string } {
    this.authorize(key);
    const answer = Answer.safeParse(body);
    if (!answer.success) throw new HttpException('expected { id, algorithm, text }', 400);
    const session = this.adapter.waitingForCaptcha().find((one) => one.account.mobile === account);
    if (!session) throw new HttpException('this account waits for no picture', 404);
    session.answerCaptcha(answer.data);
    return { account };
  }

  private authorize(header: string | undefined): void {
    const expected = this.adapter.operatorKey;
    if (expected === undefined || !sameSecret(header ?? '', `Bearer ${expected}`))
      throw new HttpException('set FETION_OPERATOR_KEY and send it as a bearer token', 401);
  }
}
