/** The trace of messages: recorded from the streams, and looked up. */
import { Module } from '@nestjs/common';
import { NetworksModule } from '../networks/networks.module.js';
import { Recorder } from './recorder.js';
import { TraceController } from './trace.controller.js';

@Module({
  imports: [NetworksModule],
  controllers: [TraceController],
  providers: [Recorder],
})
export class TraceModule {}
