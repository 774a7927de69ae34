/** Own records of members, compared with their clearing files. */
import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ReconciliationController } from './reconciliation.controller.js';
import { ReconciliationService } from './reconciliation.service.js';
import { ReconciliationsRepository } from './reconciliations.repository.js';

@Module({
  imports: [AuditModule],
  controllers: [ReconciliationController],
  providers: [ReconciliationService, ReconciliationsRepository],
})
export class ReconciliationModule {}
