/** Consents of subscribers, links between numbers and addresses, and notices to subscribers. */
import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { BoundedReads } from '../core/bounded-read.repository.js';
import { ChangesModule } from '../exchange/changes.module.js';
import { NumbersModule } from '../numbers/numbers.module.js';
import { ConsentController } from './consent.controller.js';
import { ConsentService } from './consent.service.js';
import { NumberLinksController } from './links.controller.js';
import { LinksService } from './links.service.js';
import { NoticeSender } from './notice-sender.js';
import { SubscriberPersonsController } from './subscriber-persons.controller.js';
import { SubscriberPersonsService } from './subscriber-persons.service.js';
import { SubscribersEffects } from './subscribers.effects.js';

@Module({
  imports: [AuditModule, ChangesModule, NumbersModule],
  controllers: [ConsentController, NumberLinksController, SubscriberPersonsController],
  providers: [
    BoundedReads,
    ConsentService,
    LinksService,
    NoticeSender,
    SubscriberPersonsService,
    SubscribersEffects,
  ],
  exports: [NoticeSender],
})
export class SubscribersModule {}
