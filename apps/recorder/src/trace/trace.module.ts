/** The trace of messages: checkpoints read from the streams. The console shows them. */
import { Module } from '@nestjs/common';
import { StreamRecorder } from './stream-recorder.js';
import { TraceRepository } from './trace.repository.js';

@Module({ providers: [StreamRecorder, TraceRepository] })
export class TraceModule {}
