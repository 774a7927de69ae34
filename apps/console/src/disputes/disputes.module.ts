/** Disputes between members about detail records. */
import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../exchange/changes.module.js';
import { SettlementModule } from '../settlement/settlement.module.js';
import { DisputeSteps } from './dispute-steps.js';
import { DisputeSweeper } from './dispute.sweeper.js';
import { DisputesController } from './disputes.controller.js';
import { DisputesEffects } from './disputes.effects.js';
import { DisputesService } from './disputes.service.js';

@Module({
  imports: [AuditModule, ChangesModule, SettlementModule],
  controllers: [DisputesController],
  providers: [DisputesService, DisputeSteps, DisputeSweeper, DisputesEffects],
})
export class DisputesModule {}
