/** Requests of adapters on the bus: make a link to an attachment. */
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { RequestContext, ResultReplyFilter } from '#bus-transport';
import { ANY, networkInSubject, subjects, type LinkReply } from '#protocol';
import { LinksService } from './links.service.js';

@Controller()
@UseFilters(ResultReplyFilter)
export class LinksController {
  constructor(private readonly links: LinksService) {}

  @MessagePattern(subjects.control('link', ANY))
  link(@Payload() body: unknown, @Ctx() { subject }: RequestContext): Promise<LinkReply> {
    return this.links.make(body, networkInSubject(subject));
  }
}
