/** Business days, settlement and adjustments. */
import { Module } from '@nestjs/common';
import { AnnouncementsModule } from '../announcements/announcements.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../exchange/changes.module.js';
import { AdjustmentsController } from './adjustments.controller.js';
import { AdjustmentsRepository } from './adjustments.repository.js';
import { AdjustmentsService } from './adjustments.service.js';
import { BusinessDaysController } from './business-days.controller.js';
import { DayClosing } from './day-closing.js';
import { PositionsController } from './positions.controller.js';
import { SettlementNews } from './settlement-news.js';
import { SettlementController } from './settlement.controller.js';
import { SettlementEffects } from './settlement.effects.js';
import { SettlementService } from './settlement.service.js';

@Module({
  imports: [AuditModule, AnnouncementsModule, ChangesModule],
  controllers: [BusinessDaysController, PositionsController, SettlementController, AdjustmentsController],
  providers: [
    DayClosing,
    SettlementService,
    SettlementNews,
    AdjustmentsRepository,
    AdjustmentsService,
    SettlementEffects,
  ],
  exports: [SettlementNews, AdjustmentsService],
})
export class SettlementModule {}
