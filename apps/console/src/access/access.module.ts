/** Access control of every route: API keys, sessions, roles, uses of keys and denied requests. */
import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { AnnouncementsModule } from '../announcements/announcements.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { WrongKeys } from '../http/wrong-keys.js';
import { AccessMinute } from './access-minute.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { ApiKeysService } from './api-keys.service.js';
import { Denials } from './denials.js';
import { DifferentPeople } from './different-people.js';
import { KeyExpiry } from './key-expiry.js';
import { RouteAccessCheck } from './route-access-check.js';
import { SessionsRepository } from './sessions.repository.js';
import { SessionsService } from './sessions.service.js';
import { SettingsKeys } from './settings-keys.js';
import { SignIns } from './sign-ins.js';

@Module({
  imports: [DiscoveryModule, AuditModule, AnnouncementsModule],
  providers: [
    ApiKeysRepository,
    ApiKeysService,
    DifferentPeople,
    KeyExpiry,
    SignIns,
    SessionsRepository,
    SessionsService,
    Denials,
    WrongKeys,
    AccessMinute,
    SettingsKeys,
    RouteAccessCheck,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [ApiKeysRepository, ApiKeysService, DifferentPeople, Denials, SessionsRepository, SessionsService],
})
export class AccessModule {}
