/** Bus credentials of networks, their use, and pauses of networks that flood the bus. */
import { Module } from '@nestjs/common';
import { AnnouncementsModule } from '../announcements/announcements.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { MembersModule } from '../members/members.module.js';
import { AccountPublisher } from './account-publisher.js';
import { CredentialUse } from './credential-use.js';
import { CredentialsController } from './credentials.controller.js';
import { CredentialsRepository } from './credentials.repository.js';
import { CredentialsService } from './credentials.service.js';
import { FloodGuard } from './flood-guard.js';
import { PausesRepository } from './pauses.repository.js';
import { RenewalController } from './renewal.controller.js';

@Module({
  imports: [AuditModule, AnnouncementsModule, MembersModule],
  controllers: [CredentialsController, RenewalController],
  providers: [
    CredentialsRepository,
    CredentialsService,
    AccountPublisher,
    CredentialUse,
    PausesRepository,
    FloodGuard,
  ],
  exports: [AccountPublisher],
})
export class CredentialsModule {}
