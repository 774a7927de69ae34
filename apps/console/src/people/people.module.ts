/** People of the exchange and its members, and their keys. */
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { KeyRequests } from '../access/key-requests.js';
import { KeysController } from '../access/keys.controller.js';
import { AnnouncementsModule } from '../announcements/announcements.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { ChangesModule } from '../exchange/changes.module.js';
import { PeopleController } from './people.controller.js';
import { PeopleEffects } from './people.effects.js';
import { PeopleRepository } from './people.repository.js';
import { PeopleService } from './people.service.js';

@Module({
  imports: [AccessModule, AuditModule, AnnouncementsModule, ChangesModule],
  controllers: [PeopleController, KeysController],
  providers: [PeopleRepository, PeopleService, KeyRequests, PeopleEffects],
  exports: [PeopleService],
})
export class PeopleModule {}
