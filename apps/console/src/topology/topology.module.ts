/** Who talks to whom. */
import { Module } from '@nestjs/common';
import { BoundedReads } from '../core/bounded-read.repository.js';
import { LivenessModule } from '../networks/liveness.module.js';
import { TopologyController } from './topology.controller.js';
import { TopologyRepository } from './topology.repository.js';
import { TopologyService } from './topology.service.js';

@Module({
  imports: [LivenessModule],
  controllers: [TopologyController],
  providers: [BoundedReads, TopologyRepository, TopologyService],
})
export class TopologyModule {}
