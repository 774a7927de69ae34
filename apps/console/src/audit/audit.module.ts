/** The audit log: hash chain of entries, and signed checkpoints. */
import { Module } from '@nestjs/common';
import { AuditCheckpoints } from './audit-checkpoints.js';
import { AuditController } from './audit.controller.js';
import { AuditService } from './audit.service.js';
import { CheckpointSigner } from './checkpoint-signer.js';

@Module({
  controllers: [AuditController],
  providers: [AuditService, AuditCheckpoints, CheckpointSigner],
  exports: [AuditService],
})
export class AuditModule {}
