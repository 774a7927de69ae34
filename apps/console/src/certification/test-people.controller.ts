/** Requests on the bus about the people of the network `certify`. An adapter may ask who they are before it delivers their messages. */
import { Controller, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ResultReplyFilter } from '#bus-transport';
import { testPerson } from '#certification';
import { CERTIFY, firstIssue, HubError, ResolveRequest, subjects, type ResolveReply } from '#protocol';

@Controller()
@UseFilters(ResultReplyFilter)
export class TestPeopleController {
  @MessagePattern(subjects.ask('resolve', CERTIFY))
  resolve(@Payload() body: unknown): ResolveReply {
    const request = ResolveRequest.safeParse(body);
    if (!request.success) throw new HubError('30', firstIssue(request.error));
    return testPerson(request.data);
  }
}
