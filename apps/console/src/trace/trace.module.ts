/** Reads the trace of messages, which the recorder writes. */
import { Module } from '@nestjs/common';
import { TraceController } from './trace.controller.js';
import { TraceRepository } from './trace.repository.js';

@Module({ controllers: [TraceController], providers: [TraceRepository] })
export class TraceModule {}
