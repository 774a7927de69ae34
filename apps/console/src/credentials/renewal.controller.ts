/** Requests of adapters on the bus to renew their credentials. */
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { RequestContext, ResultReplyFilter } from '#bus-transport';
import { ANY, networkInSubject, RenewRequest, subjects, type RenewReply } from '#protocol';
import { CredentialsService } from './credentials.service.js';

@Controller()
@UseFilters(ResultReplyFilter)
export class RenewalController {
  constructor(private readonly credentials: CredentialsService) {}

  @MessagePattern(subjects.control('renew', ANY))
  async renew(@Payload() body: unknown, @Ctx() { subject }: RequestContext): Promise<RenewReply> {
    const request = RenewRequest.safeParse(body);
    if (!request.success) return { code: '30', detail: request.error.issues[0]?.message ?? 'malformed' };
    return this.credentials.renew(networkInSubject(subject), request.data);
  }
}
