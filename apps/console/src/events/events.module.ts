/** Events of the hub for webhooks. */
import { Module } from '@nestjs/common';
import { DeadLettersModule } from '../dead-letters/dead-letters.module.js';
import { LivenessModule } from '../networks/liveness.module.js';
import { OverviewModule } from '../overview/overview.module.js';
import { EventWatch } from './event-watch.js';

@Module({
  imports: [DeadLettersModule, LivenessModule, OverviewModule],
  providers: [EventWatch],
})
export class EventsModule {}
