/** Requests on the bus about the people of the network `certify`. An adapter may ask who they are before it delivers their messages. */
import { Controller, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { RequestBody } from '#bus-transport';
import { testPerson } from '#certification';
import { CERTIFY, ResolveRequest, subjects, type ResolveAnswer } from '#protocol';
import { ProblemReplyFilter } from '../core/problem-reply.filter.js';

@Controller()
@UseFilters(ProblemReplyFilter)
export class TestPeopleController {
  @MessagePattern(subjects.ask('resolve', CERTIFY))
  resolve(@Payload(new RequestBody(ResolveRequest)) request: ResolveRequest): ResolveAnswer {
    return testPerson(request);
  }
}
