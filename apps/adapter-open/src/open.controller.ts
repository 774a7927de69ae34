/** The REST side of the open interface. Every request is signed. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ADAPTER } from '#adapter-kit';
import { HubError } from '#protocol';
import { openInterfaceAsyncApi, openInterfaceOpenApi } from './documents.js';
import type { OpenAdapter } from './open.adapter.js';
import { Batch, type Verdict } from './open.schema.js';
import { serving } from './serving.js';
import type { SignedHeaders } from './signature.js';

@Controller('open/v1')
export class OpenController {
  constructor(@Inject(ADAPTER) private readonly adapter: OpenAdapter) {}

  @Post('events')
  @HttpCode(200)
  events(@Req() request: FastifyRequest, @Body() body: unknown): Promise<{ verdicts: Verdict[] }> {
    const text = typeof body === 'string' ? body : '';
    return this.serve(request, text, async () => {
      const verdicts = await Promise.all(readBatch(text).map((event) => this.adapter.take(event)));
      return { verdicts };
    });
  }

  @Get('people/:address')
  person(
    @Req() request: FastifyRequest,
    @Param('address') address: string,
  ): Promise<{ address: string; name?: string }> {
    return this.serve(request, '', async () => {
      const reply = await this.adapter.lookUp(address);
      if (reply.code !== '00') throw new HubError(reply.code, reply.detail ?? 'there is no such person');
      const name = reply.party?.displayName;
      return { address, ...(name ? { name } : {}) };
    });
  }

  @Get('networks')
  networks(@Req() request: FastifyRequest): Promise<{ networks: string[] }> {
    return this.serve(request, '', () => Promise.resolve({ networks: this.adapter.peers() }));
  }

  @Get('openapi.json')
  openApi(): object {
    return openInterfaceOpenApi();
  }

  @Get('asyncapi.json')
  asyncApi(): object {
    return openInterfaceAsyncApi();
  }

  private serve<T>(request: FastifyRequest, body: string, work: () => Promise<T>): Promise<T> {
    return serving(() => {
      const headers = request.headers as Partial<SignedHeaders>;
      this.adapter.verifier.check(headers, request.method, request.url, body);
      return work();
    });
  }
}

function readBatch(text: string): unknown[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new HubError('30', 'the body is not JSON');
  }
  const batch = Batch.safeParse(json);
  if (!batch.success) throw new HubError('30', 'expected { "events": [ ... ] } with 1 to 100 events');
  return batch.data.events;
}
