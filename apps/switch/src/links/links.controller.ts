/** Requests of adapters on the bus: make a link to an attachment. */
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { ResultReplyFilter, RequestBody, RequestContext } from '#bus-transport';
import { ANY, LinkRequest, networkInSubject, subjects, type LinkAnswer } from '#protocol';
import { LinksService } from './links.service.js';

@Controller()
@UseFilters(ResultReplyFilter)
export class LinksController {
  constructor(private readonly links: LinksService) {}

  @MessagePattern(subjects.control('link', ANY))
  link(
    @Payload(new RequestBody(LinkRequest)) request: LinkRequest,
    @Ctx() { subject }: RequestContext,
  ): Promise<LinkAnswer> {
    return this.links.make(request, networkInSubject(subject));
  }
}
