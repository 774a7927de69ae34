import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { HealthModule, type Readiness } from '#service';
import { AbuseController } from './abuse/abuse.controller.js';
import { AbuseService } from './abuse/abuse.service.js';
import { BlockedController } from './abuse/blocked.controller.js';
import { RiskController } from './abuse/risk.controller.js';
import { RiskService } from './abuse/risk.service.js';
import { AccessGuard } from './access/access.guard.js';
import { ApiKeysService } from './access/api-keys.service.js';
import { KeysController } from './access/keys.controller.js';
import { AuditService } from './audit/audit.service.js';
import { ConsoleBus } from './console-bus.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { DeadLettersService } from './dead-letters/dead-letters.service.js';
import { LINK_SECRET, LinksController } from './media/links.controller.js';
import { LivenessBoard } from './networks/liveness.js';
import { NetworksController } from './networks/networks.controller.js';
import { NetworksService } from './networks/networks.service.js';
import { StandInController } from './networks/stand-in.controller.js';
import { SignOnController } from './networks/sign-on.controller.js';
import { RegistryService } from './registry/registry.service.js';
import { TraceController } from './trace/trace.controller.js';

@Module({})
export class ConsoleModule {
  static using(
    bus: ConsoleBus,
    database: DataSource,
    readiness: Readiness,
    linkSecret: string | undefined,
  ): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [HealthModule.using(readiness)],
      controllers: [
        NetworksController,
        StandInController,
        RiskController,
        AbuseController,
        BlockedController,
        KeysController,
        TraceController,
        DeadLettersController,
        SignOnController,
        LinksController,
      ],
      providers: [
        { provide: ConsoleBus, useValue: bus },
        { provide: DataSource, useValue: database },
        { provide: LINK_SECRET, useValue: linkSecret },
        ApiKeysService,
        NetworksService,
        RegistryService,
        AuditService,
        LivenessBoard,
        AbuseService,
        RiskService,
        DeadLettersService,
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}
