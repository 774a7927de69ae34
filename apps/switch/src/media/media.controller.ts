/** Requests of adapters on the bus: one block of an attachment. The reply is the block itself, with its result code in a header. */
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { BinaryReply } from '#bus';
import { RequestContext, ResultReplyFilter } from '#bus-transport';
import { ANY, networkInSubject, subjects } from '#protocol';
import { MediaService } from './media.service.js';

@Controller()
@UseFilters(ResultReplyFilter)
export class MediaController {
  constructor(private readonly media: MediaService) {}

  @MessagePattern(subjects.control('media', ANY))
  read(@Payload() body: unknown, @Ctx() { subject }: RequestContext): Promise<BinaryReply> {
    return this.media.read(body, networkInSubject(subject));
  }
}
