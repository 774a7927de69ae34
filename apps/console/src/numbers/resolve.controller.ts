import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ask } from '#bus';
import type { ApiKeyRow } from '#database';
import { ApiProblem, Problems } from '#http';
import { Address, E164, Network, requests, telAddress } from '#protocol';
import { Caller, requireOwnNetwork } from '../access/access.guard.js';
import { Requires } from '../access/permissions.js';
import { ConsoleBus } from '../core/console-bus.js';

const ResolveQuery = z.object({
  number: E164,
  from: Address.max(1000)
    .optional()
    .describe(
      'Address of the person of the requesting network who asks. The consent of the owner can allow this person more than others',
    ),
  network: Network.optional().describe('Network on whose behalf an admin asks'),
});
const Resolved = z.object({ address: z.string().max(20_000) }).meta({ id: 'ResolvedNumber' });

/** Longer than the time that the switch waits for a network. */
const ANSWER_MS = 8000;

@ApiTags('routes')
@ApiBearerAuth()
@Controller('v1/resolve')
export class ResolveController {
  constructor(private readonly bus: ConsoleBus) {}

  /** Asks the switch, which alone decides whose address may be shown to whom. */
  @Get()
  @Problems('not-found', 'no-network-for-number', 'nobody-reachable')
  @Requires('numbers:resolve')
  @ApiOperation({
    summary: 'Find the address behind a number',
    description:
      'The switch answers as it does for messages. The answer does not say whether a number has no subscriber or a subscriber who does not want to be found. Rate limited for each network.',
  })
  @ApiResponse({ status: 200, standardSchema: Resolved })
  async resolve(
    @Caller() caller: ApiKeyRow,
    @Query({ schema: ResolveQuery }) { number, from, network }: z.infer<typeof ResolveQuery>,
  ): Promise<z.infer<typeof Resolved>> {
    const asker = network ?? caller.network;
    if (!asker) throw new ApiProblem('invalid', 'network: name the network on whose behalf you ask');
    requireOwnNetwork(caller, asker);
    const body = { address: telAddress(number), ...(from ? { from } : {}) };
    const { party } = await ask(this.bus.link, requests.resolve(asker as Network), body, ANSWER_MS);
    if (party) return { address: party.address };
    throw new ApiProblem('nobody-reachable', 'nobody who can be reached');
  }
}
