/** Payments of positions. */
import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../exchange/changes.module.js';
import { SettlementModule } from '../settlement/settlement.module.js';
import { PaymentsController } from './payments.controller.js';
import { PaymentsEffects } from './payments.effects.js';
import { PaymentsRepository } from './payments.repository.js';
import { PaymentsService } from './payments.service.js';

@Module({
  imports: [AuditModule, ChangesModule, SettlementModule],
  controllers: [PaymentsController],
  providers: [PaymentsService, PaymentsRepository, PaymentsEffects],
  exports: [PaymentsRepository],
})
export class PaymentsModule {}
