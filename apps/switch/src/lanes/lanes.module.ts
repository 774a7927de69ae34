/** The ordered path: events and outcomes of every network, read partition by partition. */
import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/limits.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { ReportsModule } from '../reports/reports.module.js';
import { LaneWorkers } from './lane-workers.js';
import { NetworkLanes } from './network-lanes.js';

@Module({
  imports: [RegistryModule, LimitsModule, ReportsModule],
  providers: [LaneWorkers, NetworkLanes],
  exports: [NetworkLanes],
})
export class LanesModule {}
