/** Renewal of bus credentials, asked for by adapters over the bus. */
import { Controller, Inject } from '@nestjs/common';
import { Ctx, MessagePattern, NatsContext, Payload } from '@nestjs/microservices';
import { ANY, networkInSubject, RenewRequest, subjects, toHubError, type RenewReply } from '#protocol';
import { CredentialsService } from './credentials.service.js';

@Controller()
export class RenewalController {
  constructor(@Inject(CredentialsService) private readonly credentials: CredentialsService) {}

  @MessagePattern(subjects.control('renew', ANY))
  async renew(@Payload() body: unknown, @Ctx() context: NatsContext): Promise<RenewReply> {
    const request = RenewRequest.safeParse(body);
    if (!request.success) return { code: '30', detail: request.error.issues[0]?.message ?? 'malformed' };
    try {
      return await this.credentials.renew(networkInSubject(context.getSubject()), request.data);
    } catch (error) {
      const { code, detail } = toHubError(error);
      return { code, detail };
    }
  }
}
