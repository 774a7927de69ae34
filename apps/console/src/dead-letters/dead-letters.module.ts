/** Dead letters: list, show, replay, discard. */
import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeadLettersService } from './dead-letters.service.js';

@Module({
  imports: [AuditModule],
  controllers: [DeadLettersController],
  providers: [DeadLettersService],
  exports: [DeadLettersService],
})
export class DeadLettersModule {}
