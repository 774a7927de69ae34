/** Requests of the switch on the bus: does this subscriber exist? */
import { Controller, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ResultReplyFilter } from '#bus-transport';
import { ANY, firstIssue, HubError, ResolveRequest, subjects, type ResolveReply } from '#protocol';
import { ResolveRequests } from '../resolve-requests.js';

@Controller()
@UseFilters(ResultReplyFilter)
export class ResolveController {
  constructor(private readonly requests: ResolveRequests) {}

  /** Subscribed for the network of the adapter only (`run-adapter.ts`): its account receives nothing else. */
  @MessagePattern(subjects.ask('resolve', ANY))
  resolve(@Payload() body: unknown): Promise<ResolveReply> {
    const request = ResolveRequest.safeParse(body);
    if (!request.success) throw new HubError('30', firstIssue(request.error));
    return this.requests.resolve(request.data);
  }
}
