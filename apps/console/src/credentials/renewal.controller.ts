/** Requests of adapters on the bus to renew their credentials. */
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { RequestBody, RequestContext } from '#bus-transport';
import { ANY, networkInSubject, RenewRequest, subjects, type RenewAnswer } from '#protocol';
import { ProblemReplyFilter } from '../core/problem-reply.filter.js';
import { CredentialsService } from './credentials.service.js';

@Controller()
@UseFilters(ProblemReplyFilter)
export class RenewalController {
  constructor(private readonly credentials: CredentialsService) {}

  @MessagePattern(subjects.control('renew', ANY))
  renew(
    @Payload(new RequestBody(RenewRequest)) request: RenewRequest,
    @Ctx() { subject }: RequestContext,
  ): Promise<RenewAnswer> {
    return this.credentials.renew(networkInSubject(subject), request);
  }
}
