/** Requests of adapters about call pages, and of the media gateway about what people do there. */
import { Controller, UseFilters } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { RequestBody, RequestContext, ResultReplyFilter } from '#bus-transport';
import {
  ANY,
  CallCommand,
  GatewaySignal,
  networkInSubject,
  subjects,
  type CallCommandAnswer,
  type CallSignalAnswer,
} from '#protocol';
import { CallsService } from './calls.service.js';

@Controller()
@UseFilters(ResultReplyFilter)
export class CallsController {
  constructor(private readonly calls: CallsService) {}

  @MessagePattern(subjects.control('call', ANY))
  command(
    @Payload(new RequestBody(CallCommand)) command: CallCommand,
    @Ctx() { subject }: RequestContext,
  ): Promise<CallCommandAnswer> {
    return this.calls.command(command, networkInSubject(subject));
  }

  /** Only the account of the media gateway may publish on this subject. */
  @MessagePattern(subjects.callSignal)
  signal(
    @Payload(new RequestBody(GatewaySignal)) signal: z.infer<typeof GatewaySignal>,
  ): Promise<CallSignalAnswer> {
    return this.calls.signal(signal);
  }
}
