/** Liveness of networks, from heartbeats of their adapters. */
import { Module } from '@nestjs/common';
import { LivenessNotice } from './liveness-notice.js';
import { LivenessBoard } from './liveness.js';
import { NetworkViews } from './networks.dto.js';

@Module({
  providers: [LivenessBoard, LivenessNotice, NetworkViews],
  exports: [LivenessBoard, NetworkViews],
})
export class LivenessModule {}
