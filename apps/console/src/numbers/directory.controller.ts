/** Requests of the switch on the bus for the owner of a telephone number. */
import { Controller, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { ResultReplyFilter } from '#bus-transport';
import { DirectoryRequest, HubError, subjects, type DirectoryReply } from '#protocol';
import { DirectoryService } from './directory.service.js';

@Controller()
@UseFilters(ResultReplyFilter)
export class DirectoryController {
  constructor(private readonly directory: DirectoryService) {}

  @MessagePattern(subjects.directory)
  async find(@Payload() body: unknown): Promise<DirectoryReply> {
    const request = DirectoryRequest.safeParse(body);
    if (!request.success) throw new HubError('30', 'expected a number');
    return { code: '00', entry: await this.directory.find(request.data.number) };
  }
}
