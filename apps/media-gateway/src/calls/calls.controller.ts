/** Commands of adapters about call pages, which the switch passes on. */
import { Controller, UseFilters } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { RequestBody, ResultReplyFilter } from '#bus-transport';
import { GatewayCommand, subjects, type CallCommandAnswer } from '#protocol';
import { CallsService } from './calls.service.js';

@Controller()
@UseFilters(ResultReplyFilter)
export class CallsController {
  constructor(private readonly calls: CallsService) {}

  @MessagePattern(subjects.callCommand)
  command(
    @Payload(new RequestBody(GatewayCommand)) command: z.infer<typeof GatewayCommand>,
  ): Promise<CallCommandAnswer> {
    return this.calls.carryOut(command);
  }
}
