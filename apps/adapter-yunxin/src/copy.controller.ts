/** The URL for message copies (消息抄送), which the operator enters in the console of Yunxin. */
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import {
  headerOf,
  ProvenBy,
  publicDetail,
  SMALL_BODY,
  type Edge,
  type EdgeRequest,
  type Refusal,
} from '#adapter-webhook';
import { RESULTS, type HubError } from '#protocol';
import { JsonRefused, readSmallJson } from '#service';
import { checkCopyForm, type CopyHeaders } from './checksum.js';
import type { ProvenCopy, YunxinAdapter } from './yunxin.adapter.js';

/** A copy contains one message: a flat object, whose `attach` is JSON in a string. */
const BOUNDS = { depth: 8, values: 1000 };

/** The checksum covers the body: a replay is the same copy, which is recognised by its message id. */
export const copyEdge: Edge<YunxinAdapter> = {
  maxBody: SMALL_BODY,
  form: (request) => checkCopyForm(copyHeaders(request)),
  proof: (request, body, { adapter }) => adapter.prove(copyHeaders(request), body),
  parse(body): ProvenCopy {
    const native = body.toString('utf8');
    try {
      readSmallJson(body, BOUNDS);
      return { native, unreadable: undefined };
    } catch (error) {
      if (error instanceof JsonRefused) return { native, unreadable: error.message };
      throw error;
    }
  },
  refusal,
};

@Controller('copy')
export class CopyController {
  constructor(@Inject(ADAPTER) private readonly adapter: YunxinAdapter) {}

  @Post()
  @ProvenBy(copyEdge)
  @HttpCode(200)
  async copy(@Body() copy: ProvenCopy): Promise<{ errCode: number }> {
    await this.adapter.copy(copy);
    return { errCode: 0 };
  }
}

function copyHeaders(request: EdgeRequest): CopyHeaders {
  return {
    md5: headerOf(request, 'md5'),
    curtime: headerOf(request, 'curtime'),
    checksum: headerOf(request, 'checksum'),
  };
}

function refusal(error: HubError): Refusal {
  const contentType = 'application/json; charset=utf-8';
  const body = { errCode: 1, code: error.code, detail: publicDetail(error) };
  return { status: RESULTS[error.code].http, contentType, body: JSON.stringify(body) };
}
