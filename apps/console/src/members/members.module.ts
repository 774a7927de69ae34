/** Membership of networks: enabling, suspension, departure, removal. */
import { Module } from '@nestjs/common';
import { SETTINGS } from '#service';
import type { ConsoleSettings } from '../console.config.js';
import { MEMBERSHIP_TERMS, type MembershipTerms } from './membership-terms.js';
import { AccessModule } from '../access/access.module.js';
import { AnnouncementsModule } from '../announcements/announcements.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../exchange/changes.module.js';
import { LivenessModule } from '../networks/liveness.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { DeparturesController } from './departures.controller.js';
import { Departures } from './departures.js';
import { DeparturesRepository } from './departures.repository.js';
import { DeparturesService } from './departures.service.js';
import { MembersController } from './members.controller.js';
import { MembersEffects } from './members.effects.js';
import { MembersService } from './members.service.js';
import { MembershipNews } from './membership-news.js';
import { OperatorBilling } from './operator-billing.js';
import { OperatorsController } from './operators.controller.js';
import { SuspensionExpiry } from './suspension-expiry.js';
import { SuspensionsRepository } from './suspensions.repository.js';
import { SuspensionsService } from './suspensions.service.js';

@Module({
  imports: [
    AccessModule,
    AuditModule,
    AnnouncementsModule,
    RegistryModule,
    ChangesModule,
    SubscribersModule,
    LivenessModule,
  ],
  controllers: [MembersController, DeparturesController, OperatorsController],
  providers: [
    MembersService,
    MembershipNews,
    SuspensionsService,
    SuspensionsRepository,
    SuspensionExpiry,
    DeparturesService,
    DeparturesRepository,
    Departures,
    MembersEffects,
    OperatorBilling,
    {
      provide: MEMBERSHIP_TERMS,
      inject: [SETTINGS],
      useFactory: (settings: ConsoleSettings): MembershipTerms => ({
        leaveNoticeDays: settings.LEAVE_NOTICE_DAYS,
        emergencySuspensionHours: settings.EMERGENCY_SUSPENSION_HOURS,
      }),
    },
  ],
  exports: [MembersService],
})
export class MembersModule {}
