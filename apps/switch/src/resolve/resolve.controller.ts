/** Requests of adapters and of the console on the bus: does this person exist, or who has this number? */
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { ResultReplyFilter, RequestBody, RequestContext } from '#bus-transport';
import { ANY, networkInSubject, ResolveRequest, subjects, type ResolveAnswer } from '#protocol';
import { ResolveService } from './resolve.service.js';

@Controller()
@UseFilters(ResultReplyFilter)
export class ResolveController {
  constructor(private readonly service: ResolveService) {}

  @MessagePattern(subjects.control('resolve', ANY))
  resolve(
    @Payload(new RequestBody(ResolveRequest)) request: ResolveRequest,
    @Ctx() { subject }: RequestContext,
  ): Promise<ResolveAnswer> {
    return this.service.resolve(request, networkInSubject(subject));
  }
}
