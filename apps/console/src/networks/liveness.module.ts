/** Liveness of networks, from heartbeats of their adapters, and what the replies to heartbeats say. */
import { Module } from '@nestjs/common';
import { EventFailuresBoard } from './event-failures.js';
import { LivenessNotice } from './liveness-notice.js';
import { LivenessBoard } from './liveness.js';
import { NetworkViews } from './networks.dto.js';

@Module({
  providers: [EventFailuresBoard, LivenessBoard, LivenessNotice, NetworkViews],
  exports: [EventFailuresBoard, LivenessBoard, LivenessNotice, NetworkViews],
})
export class LivenessModule {}
