/** Abuse reports, blocked addresses, and measures against networks with many complaints. */
import { Module } from '@nestjs/common';
import { AnnouncementsModule } from '../announcements/announcements.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { BoundedReads } from '../core/bounded-read.repository.js';
import { ChangesModule } from '../exchange/changes.module.js';
import { NetworksModule } from '../networks/networks.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { AbuseController } from './abuse.controller.js';
import { AbuseEffects } from './abuse.effects.js';
import { AbuseService } from './abuse.service.js';
import { BlockedController } from './blocked.controller.js';
import { BlockedRepository } from './blocked.repository.js';
import { BlockedService } from './blocked.service.js';
import { LimitsHitRepository } from './limits-hit.repository.js';
import { ReportLimits } from './report-limits.js';
import { RiskDecisions } from './risk-decisions.js';
import { RiskJudge } from './risk-judge.js';
import { RiskSteps } from './risk-steps.js';
import { RiskListController } from './risk-list.controller.js';
import { RiskController } from './risk.controller.js';
import { RiskRepository } from './risk.repository.js';
import { RiskService } from './risk.service.js';

@Module({
  imports: [AuditModule, AnnouncementsModule, RegistryModule, NetworksModule, ChangesModule],
  controllers: [AbuseController, BlockedController, RiskController, RiskListController],
  providers: [
    AbuseService,
    BoundedReads,
    LimitsHitRepository,
    ReportLimits,
    BlockedService,
    BlockedRepository,
    RiskService,
    RiskRepository,
    RiskDecisions,
    RiskSteps,
    RiskJudge,
    AbuseEffects,
  ],
})
export class AbuseModule {}
