/** Requests of the hub on the bus: does this subscriber exist? How does a pairing stand? What did a person do on their call page? */
import { Controller, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ResultReplyFilter, RequestBody } from '#bus-transport';
import {
  ANY,
  CallSignal,
  PairRequest,
  ResolveRequest,
  subjects,
  type CallSignalAnswer,
  type PairAnswer,
  type ResolveAnswer,
} from '#protocol';
import { CallSignals } from '../calls/call-signals.js';
import { ResolveRequests } from '../resolve-requests.js';

@Controller()
@UseFilters(ResultReplyFilter)
export class ResolveController {
  constructor(
    private readonly requests: ResolveRequests,
    private readonly signals: CallSignals,
  ) {}

  /** Subscribed for the network of the adapter only (`run-adapter.ts`): its account receives nothing else. */
  @MessagePattern(subjects.ask('resolve', ANY))
  resolve(@Payload(new RequestBody(ResolveRequest)) request: ResolveRequest): Promise<ResolveAnswer> {
    return this.requests.resolve(request);
  }

  @MessagePattern(subjects.ask('pair', ANY))
  pair(@Payload(new RequestBody(PairRequest)) request: PairRequest): Promise<PairAnswer> {
    return this.requests.pair(request);
  }

  @MessagePattern(subjects.ask('call', ANY))
  call(@Payload(new RequestBody(CallSignal)) signal: CallSignal): Promise<CallSignalAnswer> {
    return this.signals.take(signal);
  }
}
