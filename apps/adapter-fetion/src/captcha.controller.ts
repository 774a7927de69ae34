/** Captchas at login: lists the accounts that wait for an answer, and takes the answer. For the operator, with a separate key. */
import { Body, Controller, Get, Inject, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { ADAPTER } from '#adapter-kit';
import { headerOf, jsonRefusal, ProvenBy, type Edge } from '#adapter-webhook';
import { HubError } from '#protocol';
import { readSmallJson, secretsEqual } from '#service';
import type { FetionAdapter } from './fetion.adapter.js';
import { fetchCaptcha } from './sign-in.js';

const Answer = z.object({
  id: z.string().min(1).max(200),
  algorithm: z.string().max(200),
  text: z.string().min(1).max(20),
});
type Answer = z.infer<typeof Answer>;

const keyEdge: Edge<FetionAdapter> = {
  maxBody: 0,
  form(request, { operatorKey }) {
    if (operatorKey === undefined) throw new HubError('31', 'FETION_OPERATOR_KEY is not set');
    if (!secretsEqual(headerOf(request, 'authorization'), `Bearer ${operatorKey}`))
      throw new HubError('31', 'wrong operator key');
  },
  // The key is the only proof, and it was checked with the headers.
  proof: () => undefined,
  refusal: jsonRefusal,
};

const answerEdge: Edge<FetionAdapter> = {
  ...keyEdge,
  maxBody: 4096,
  parse(body): Answer {
    try {
      return Answer.parse(readSmallJson(body, { depth: 2, values: 20 }));
    } catch (cause) {
      throw new HubError('30', 'expected { id, algorithm, text }', { cause });
    }
  },
};

@Controller('fetion/captchas')
export class CaptchaController {
  constructor(@Inject(ADAPTER) private readonly adapter: FetionAdapter) {}

  @Get()
  @ProvenBy(keyEdge)
  async list() {
    return Promise.all(
      this.adapter.waitingForCaptcha().map(async ({ account, captchaAlgorithm }) => ({
        account: account.mobile,
        ...(await fetchCaptcha(this.adapter.navigationUrl, captchaAlgorithm ?? '')),
      })),
    );
  }

  @Post(':account')
  @ProvenBy(answerEdge)
  answer(@Param('account') account: string, @Body() answer: Answer): { account: string } {
    const session = this.adapter.waitingForCaptcha().find((one) => one.account.mobile === account);
    if (!session) throw new HubError('14', 'this account does not wait for the answer to a captcha');
    session.answerCaptcha(answer);
    return { account };
  }
}
