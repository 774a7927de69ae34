/** Changes that need several people: proposals, approvals, confirmations of members, and their expiry. */
import { Module } from '@nestjs/common';
import { SETTINGS } from '#service';
import type { ConsoleSettings } from '../console.config.js';
import { CHANGE_TERMS, type ChangeTerms } from './change-terms.js';
import { AccessModule } from '../access/access.module.js';
import { AnnouncementsModule } from '../announcements/announcements.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { AcceptanceRulesController } from './acceptance-rules.controller.js';
import { AcceptanceRulesRepository } from './acceptance-rules.repository.js';
import { ChangeCompletion } from './change-completion.js';
import { ChangeEffects } from './change-effects.js';
import { ChangeExpiry } from './change-expiry.js';
import { ChangeNews } from './change-news.js';
import { ChangesController } from './changes.controller.js';
import { ChangesRepository } from './changes.repository.js';
import { ChangesService } from './changes.service.js';

@Module({
  imports: [AccessModule, AuditModule, AnnouncementsModule],
  controllers: [ChangesController, AcceptanceRulesController],
  providers: [
    ChangesService,
    ChangesRepository,
    ChangeCompletion,
    ChangeEffects,
    ChangeExpiry,
    ChangeNews,
    AcceptanceRulesRepository,
    {
      provide: CHANGE_TERMS,
      inject: [SETTINGS],
      useFactory: (settings: ConsoleSettings): ChangeTerms => ({
        days: settings.CHANGE_DAYS,
        openPerProposer: settings.OPEN_PROPOSALS,
      }),
    },
  ],
  exports: [ChangesService, ChangeEffects],
})
export class ChangesModule {}
