/** Root module of the console, with one module for each feature. */
import { Module, type DynamicModule } from '@nestjs/common';
import { DatabasePulse } from '#database';
import { HealthModule } from '#service';
import { AbuseModule } from './abuse/abuse.module.js';
import { AccessModule } from './access/access.module.js';
import { AnnouncementsModule } from './announcements/announcements.module.js';
import { AuditModule } from './audit/audit.module.js';
import { CertificationModule } from './certification/certification.module.js';
import { ChangesModule } from './exchange/changes.module.js';
import { CredentialsModule } from './credentials/credentials.module.js';
import { DeadLettersModule } from './dead-letters/dead-letters.module.js';
import { DisputesModule } from './disputes/disputes.module.js';
import { ExchangeModule } from './exchange/exchange.module.js';
import { FindModule } from './find/find.module.js';
import { LiveEventsModule } from './live-events/live-events.module.js';
import { LivenessModule } from './networks/liveness.module.js';
import { MembersModule } from './members/members.module.js';
import { NetworksModule } from './networks/networks.module.js';
import { NumbersModule } from './numbers/numbers.module.js';
import { OverviewModule } from './overview/overview.module.js';
import { PaymentsModule } from './payments/payments.module.js';
import { PeopleModule } from './people/people.module.js';
import { ReconciliationModule } from './reconciliation/reconciliation.module.js';
import { RegistryModule } from './registry/registry.module.js';
import { SavedViewsModule } from './saved-views/saved-views.module.js';
import { SettlementModule } from './settlement/settlement.module.js';
import { SignInModule } from './sign-in/sign-in.module.js';
import { SubscribersModule } from './subscribers/subscribers.module.js';
import { TopologyModule } from './topology/topology.module.js';
import { TraceModule } from './trace/trace.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { ConsoleBus } from './core/console-bus.js';
import { HttpModule } from './http/http.module.js';

const health = HealthModule.made({
  inject: [ConsoleBus, DatabasePulse],
  useFactory: (bus: ConsoleBus, pulse: DatabasePulse) => ({
    check: () => ({ bus: bus.link.connected, topology: bus.inventory.isWhole, database: pulse.alive }),
  }),
});

@Module({})
export class ConsoleModule {
  /** @param core modules that provide settings, log, database, clock and bus, or placeholders; the last one closes first */
  static on(core: DynamicModule[]): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [
        ...core,
        health,
        HttpModule,
        AnnouncementsModule,
        AuditModule,
        AccessModule,
        RegistryModule,
        ChangesModule,
        ExchangeModule,
        NumbersModule,
        SubscribersModule,
        PeopleModule,
        SignInModule,
        SavedViewsModule,
        LivenessModule,
        MembersModule,
        CredentialsModule,
        NetworksModule,
        CertificationModule,
        AbuseModule,
        SettlementModule,
        ReconciliationModule,
        PaymentsModule,
        DisputesModule,
        DeadLettersModule,
        TraceModule,
        FindModule,
        OverviewModule,
        WebhooksModule,
        TopologyModule,
        LiveEventsModule,
      ],
    };
  }
}
