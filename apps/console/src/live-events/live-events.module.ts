/** Server-sent events: what changes, for pages that show it. */
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { LivenessModule } from '../networks/liveness.module.js';
import { OverviewModule } from '../overview/overview.module.js';
import { EventFeed } from './event-feed.js';
import { EventFeedRepository } from './event-feed.repository.js';
import { EventReaders } from './event-readers.js';
import { EventStreams } from './event-streams.js';
import { LiveEventsController } from './live-events.controller.js';

@Module({
  imports: [AccessModule, LivenessModule, OverviewModule],
  controllers: [LiveEventsController],
  providers: [EventFeed, EventFeedRepository, EventReaders, EventStreams],
})
export class LiveEventsModule {}
