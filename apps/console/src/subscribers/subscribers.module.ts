/** Consents of subscribers, links between numbers and addresses, and notices to subscribers. */
import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../exchange/changes.module.js';
import { NumbersModule } from '../numbers/numbers.module.js';
import { ConsentController } from './consent.controller.js';
import { ConsentService } from './consent.service.js';
import { NumberLinksController } from './links.controller.js';
import { LinksService } from './links.service.js';
import { NoticeSender } from './notice-sender.js';
import { SubscribersEffects } from './subscribers.effects.js';

@Module({
  imports: [AuditModule, ChangesModule, NumbersModule],
  controllers: [ConsentController, NumberLinksController],
  providers: [ConsentService, LinksService, NoticeSender, SubscribersEffects],
  exports: [NoticeSender],
})
export class SubscribersModule {}
