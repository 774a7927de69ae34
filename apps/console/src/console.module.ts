import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { HealthModule, type Readiness } from '#service';
import { AccessGuard } from './access/access.guard.js';
import { ApiKeysService } from './access/api-keys.service.js';
import { KeysController } from './access/keys.controller.js';
import { AuditService } from './audit/audit.service.js';
import { CLOCK, type Clock } from './clock.js';
import { ConsoleBus } from './console-bus.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { DeadLettersService } from './dead-letters/dead-letters.service.js';
import { DisputesController } from './disputes/disputes.controller.js';
import { DisputesService } from './disputes/disputes.service.js';
import { IdempotencyInterceptor } from './http/idempotency.js';
import { IdempotencyStore } from './http/idempotency.store.js';
import { LINK_SECRET, LinksController } from './media/links.controller.js';
import { LivenessBoard } from './networks/liveness.js';
import { NetworksController } from './networks/networks.controller.js';
import { NetworksService } from './networks/networks.service.js';
import { SignOnController } from './networks/sign-on.controller.js';
import { RegistryService } from './registry/registry.service.js';
import { SettlementController } from './settlement/settlement.controller.js';
import { SettlementService } from './settlement/settlement.service.js';
import { TraceController } from './trace/trace.controller.js';

@Module({})
export class ConsoleModule {
  static using(
    bus: ConsoleBus,
    database: DataSource,
    readiness: Readiness,
    linkSecret: string | undefined,
    clock: Clock,
  ): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [HealthModule.using(readiness)],
      controllers: [
        NetworksController,
        KeysController,
        TraceController,
        DeadLettersController,
        SignOnController,
        LinksController,
        DisputesController,
        SettlementController,
      ],
      providers: [
        { provide: ConsoleBus, useValue: bus },
        { provide: DataSource, useValue: database },
        { provide: LINK_SECRET, useValue: linkSecret },
        { provide: CLOCK, useValue: clock },
        ApiKeysService,
        NetworksService,
        RegistryService,
        AuditService,
        LivenessBoard,
        DeadLettersService,
        DisputesService,
        SettlementService,
        IdempotencyStore,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
      ],
    };
  }
}
