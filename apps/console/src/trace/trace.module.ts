/** Reads the trace of messages, which the recorder writes. */
import { Module } from '@nestjs/common';
import { BoundedReads } from '../core/bounded-read.repository.js';
import { MessagePriceRepository } from './message-price.repository.js';
import { MessageSearchController } from './message-search.controller.js';
import { MessageSearchRepository } from './message-search.repository.js';
import { TraceController } from './trace.controller.js';
import { TraceRepository } from './trace.repository.js';

@Module({
  controllers: [MessageSearchController, TraceController],
  providers: [BoundedReads, MessagePriceRepository, MessageSearchRepository, TraceRepository],
})
export class TraceModule {}
