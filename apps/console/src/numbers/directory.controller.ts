/** Requests of the switch on the bus for the owner of a telephone number. */
import { Controller, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { RequestBody } from '#bus-transport';
import { DirectoryRequest, subjects, type DirectoryAnswer } from '#protocol';
import { ProblemReplyFilter } from '../core/problem-reply.filter.js';
import { DirectoryService } from './directory.service.js';

@Controller()
@UseFilters(ProblemReplyFilter)
export class DirectoryController {
  constructor(private readonly directory: DirectoryService) {}

  @MessagePattern(subjects.directory)
  async find(
    @Payload(new RequestBody(DirectoryRequest)) { number }: DirectoryRequest,
  ): Promise<DirectoryAnswer> {
    return { code: '00', entry: await this.directory.find(number) };
  }
}
