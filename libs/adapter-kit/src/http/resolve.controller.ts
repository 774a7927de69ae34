/** Requests of the hub on the bus: does this subscriber exist? How does a pairing stand? */
import { Controller, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ResultReplyFilter, RequestBody } from '#bus-transport';
import { ANY, PairRequest, ResolveRequest, subjects, type PairAnswer, type ResolveAnswer } from '#protocol';
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

  @MessagePattern(subjects.ask('pair', ANY))
  pair(@Payload(new RequestBody(PairRequest)) request: PairRequest): Promise<PairAnswer> {
    return this.requests.pair(request);
  }
}
