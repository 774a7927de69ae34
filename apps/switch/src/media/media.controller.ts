/** Requests of adapters on the bus: one block of an attachment. The reply is the block itself, or the error, with a result code in a header. */
import { Catch, Controller, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { of, type Observable } from 'rxjs';
import { BinaryReply } from '#bus';
import { RequestBody, RequestContext } from '#bus-transport';
import { ANY, errorReply, MEDIA_REPLY, MediaRequest, networkInSubject, subjects } from '#protocol';
import { MediaService } from './media.service.js';

/** The error in JSON, with its code in the header that tells it from a block. */
@Catch()
class NotRead implements ExceptionFilter {
  catch(error: unknown): Observable<BinaryReply> {
    const reply = errorReply(error);
    return of(new BinaryReply({ [MEDIA_REPLY.code]: reply.code }, Buffer.from(JSON.stringify(reply))));
  }
}

@Controller()
@UseFilters(NotRead)
export class MediaController {
  constructor(private readonly media: MediaService) {}

  @MessagePattern(subjects.control('media', ANY))
  read(
    @Payload(new RequestBody(MediaRequest)) request: MediaRequest,
    @Ctx() { subject }: RequestContext,
  ): Promise<BinaryReply> {
    return this.media.read(request, networkInSubject(subject));
  }
}
