/** The REST side of the open interface. Every request is signed. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ADAPTER } from '#adapter-kit';
import { OpenToAll, ProvenBy } from '#adapter-webhook';
import { HubError, isOffered } from '#protocol';
import { openInterfaceAsyncApi, openInterfaceOpenApi } from './documents.js';
import type { OpenAdapter } from './open.adapter.js';
import { eventsEdge, signedEdge } from './open.edge.js';
import type { Verdict } from './open.schema.js';

@Controller('open/v1')
export class OpenController {
  constructor(@Inject(ADAPTER) private readonly adapter: OpenAdapter) {}

  @Post('events')
  @ProvenBy(eventsEdge)
  @HttpCode(200)
  async events(@Body() events: unknown[]): Promise<{ verdicts: Verdict[] }> {
    return { verdicts: await Promise.all(events.map((event) => this.adapter.take(event))) };
  }

  @Get('people/:address')
  @ProvenBy(signedEdge)
  async person(@Param('address') address: string): Promise<{ address: string; name?: string }> {
    const reply = await this.adapter.lookUp(address);
    if (reply.code !== '00') throw new HubError(reply.code, reply.detail ?? 'there is no such person');
    const name = reply.party?.displayName;
    return { address, ...(name ? { name } : {}) };
  }

  @Get('networks')
  @ProvenBy(signedEdge)
  networks(): { networks: string[] } {
    return { networks: this.adapter.peers().filter(isOffered) };
  }

  @Get('openapi.json')
  @OpenToAll()
  openApi(): object {
    return openInterfaceOpenApi();
  }

  @Get('asyncapi.json')
  @OpenToAll()
  asyncApi(): object {
    return openInterfaceAsyncApi();
  }
}
