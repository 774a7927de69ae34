/** Requests of the switch on the bus: does this subscriber exist? */
import { Controller, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ResultReplyFilter, RequestBody } from '#bus-transport';
import { ANY, ResolveRequest, subjects, type ResolveAnswer } from '#protocol';
import { ResolveRequests } from '../resolve-requests.js';

@Controller()
@UseFilters(ResultReplyFilter)
export class ResolveController {
  constructor(private readonly requests: ResolveRequests) {}

  /** Subscribed for the network of the adapter only (`run-adapter.ts`): its account receives nothing else. */
  @MessagePattern(subjects.ask('resolve', ANY))
  resolve(@Payload(new RequestBody(ResolveRequest)) request: ResolveRequest): Promise<ResolveAnswer> {
    return this.requests.resolve(request);
  }
}
