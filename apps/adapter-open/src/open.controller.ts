/** The REST side of the open interface. Every request is signed. */
import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ADAPTER, OpenToAll, ProvenBy } from '#adapter-kit';
import { HubError, isOffered } from '#protocol';
import { openInterfaceAsyncApi, openInterfaceOpenApi } from './documents.js';
import type { OpenAdapter } from './open.adapter.js';
import { eventsEdge, signedEdge } from './open.edge.js';
import type { Verdict } from './open.schema.js';
import { serving } from './serving.js';

@Controller('open/v1')
export class OpenController {
  constructor(@Inject(ADAPTER) private readonly adapter: OpenAdapter) {}

  @Post('events')
  @ProvenBy(eventsEdge)
  @HttpCode(200)
  events(@Body() events: unknown[]): Promise<{ verdicts: Verdict[] }> {
    return serving(async () => ({
      verdicts: await Promise.all(events.map((event) => this.adapter.take(event))),
    }));
  }

  @Get('people/:address')
  @ProvenBy(signedEdge)
  person(@Param('address') address: string): Promise<{ address: string; name?: string }> {
    return serving(async () => {
      const reply = await this.adapter.lookUp(address);
      if (reply.code !== '00') throw new HubError(reply.code, reply.detail ?? 'there is no such person');
      const name = reply.party?.displayName;
      return { address, ...(name ? { name } : {}) };
    });
  }

  @Get('networks')
  @ProvenBy(signedEdge)
  networks(): Promise<{ networks: string[] }> {
    return serving(() => Promise.resolve({ networks: this.adapter.peers().filter(isOffered) }));
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
