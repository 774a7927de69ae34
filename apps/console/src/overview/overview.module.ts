/** The first page of the web console: traffic, and what needs attention. */
import { Module } from '@nestjs/common';
import { BoundedReads } from '../core/bounded-read.repository.js';
import { DeadLettersModule } from '../dead-letters/dead-letters.module.js';
import { LivenessModule } from '../networks/liveness.module.js';
import { PaymentsModule } from '../payments/payments.module.js';
import { WebhooksRepository } from '../webhooks/webhooks.repository.js';
import { OverviewController } from './overview.controller.js';
import { OverviewRepository } from './overview.repository.js';
import { OverviewService } from './overview.service.js';

@Module({
  imports: [DeadLettersModule, LivenessModule, PaymentsModule],
  controllers: [OverviewController],
  providers: [BoundedReads, OverviewRepository, WebhooksRepository, OverviewService],
  exports: [OverviewRepository, OverviewService],
})
export class OverviewModule {}
