/** Requests of adapters and of the console on the bus: does this person exist, or who has this number? */
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { RequestContext, ResultReplyFilter } from '#bus-transport';
import {
  ANY,
  firstIssue,
  HubError,
  networkInSubject,
  ResolveRequest,
  subjects,
  type ResolveReply,
} from '#protocol';
import { ResolveService } from './resolve.service.js';

@Controller()
@UseFilters(ResultReplyFilter)
export class ResolveController {
  constructor(private readonly service: ResolveService) {}

  @MessagePattern(subjects.control('resolve', ANY))
  resolve(@Payload() body: unknown, @Ctx() { subject }: RequestContext): Promise<ResolveReply> {
    const request = ResolveRequest.safeParse(body);
    if (!request.success) throw new HubError('30', firstIssue(request.error));
    return this.service.resolve(request.data, networkInSubject(subject));
  }
}
