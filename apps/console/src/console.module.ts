import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { HealthModule, type Readiness } from '#service';
import { AbuseController } from './abuse/abuse.controller.js';
import { AbuseService } from './abuse/abuse.service.js';
import { BlockedRepository } from './abuse/blocked.repository.js';
import { BlockedService } from './abuse/blocked.service.js';
import { BlockedController } from './abuse/blocked.controller.js';
import { ReportLimits } from './abuse/report-limits.js';
import { RiskController } from './abuse/risk.controller.js';
import { RiskDecisions } from './abuse/risk-decisions.js';
import { RiskSteps } from './abuse/risk-steps.js';
import { RiskRepository } from './abuse/risk.repository.js';
import { RiskService } from './abuse/risk.service.js';
import { IdFoldingsRepository } from './addresses/id-foldings.repository.js';
import { StoredAddressesRepository } from './addresses/stored-addresses.repository.js';
import { StoredAddresses } from './addresses/stored-addresses.service.js';
import { AccessGuard } from './access/access.guard.js';
import { ApiKeysRepository } from './access/api-keys.repository.js';
import { ApiKeysService } from './access/api-keys.service.js';
import { Denials } from './access/denials.js';
import { DifferentPeople } from './access/different-people.js';
import { KeyExpiry } from './access/key-expiry.js';
import { KeyRequests } from './access/key-requests.js';
import { SignIns } from './access/sign-ins.js';
import { GovernedEffects } from './people/governed-effects.js';
import { MeController } from './people/me.controller.js';
import { PeopleController } from './people/people.controller.js';
import { PeopleRepository } from './people/people.repository.js';
import { PeopleService } from './people/people.service.js';
import { AdjustmentsController } from './settlement/adjustments.controller.js';
import { AdjustmentsRepository } from './settlement/adjustments.repository.js';
import { AdjustmentsService } from './settlement/adjustments.service.js';
import { DayClosing } from './settlement/day-closing.js';
import { SettlementNews } from './settlement/settlement-news.js';
import { KeysController } from './access/keys.controller.js';
import { AgreementsController } from './exchange/agreements.controller.js';
import { AgreementsService } from './exchange/agreements.service.js';
import { AcceptanceRulesController } from './exchange/acceptance-rules.controller.js';
import { AcceptanceRulesRepository } from './exchange/acceptance-rules.repository.js';
import { ChangeNews } from './exchange/change-news.js';
import { CHANGE_TERMS, type ChangeTerms } from './exchange/change-terms.js';
import { ChangesRepository } from './exchange/changes.repository.js';
import { ChangesController } from './exchange/changes.controller.js';
import { ChangeEffects } from './exchange/change-effects.js';
import { ChangesService } from './exchange/changes.service.js';
import { PreviewService } from './exchange/preview.service.js';
import { TariffsController } from './exchange/tariffs.controller.js';
import { DeparturesController } from './members/departures.controller.js';
import { DeparturesRepository } from './members/departures.repository.js';
import { DeparturesService } from './members/departures.service.js';
import { MembershipNews } from './members/membership-news.js';
import { MEMBERSHIP_TERMS, type MembershipTerms } from './members/membership-terms.js';
import { SuspensionsRepository } from './members/suspensions.repository.js';
import { SuspensionsService } from './members/suspensions.service.js';
import { MembersController } from './members/members.controller.js';
import { MembersService } from './members/members.service.js';
import { OperatorsController } from './members/operators.controller.js';
import { NetworkViews } from './networks/network-view.js';
import { AnnouncementsController } from './announcements/announcements.controller.js';
import { AnnouncementsRepository } from './announcements/announcements.repository.js';
import { AuditCheckpoints } from './audit/audit-checkpoints.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditService } from './audit/audit.service.js';
import { CLOCK, type Clock } from './clock.js';
import { AdaptersController } from './certification/adapters.controller.js';
import { AdaptersService } from './certification/adapters.service.js';
import { CertificationsController } from './certification/certifications.controller.js';
import { CertificationsService } from './certification/certifications.service.js';
import { AccountPublisher } from './credentials/account-publisher.js';
import { CredentialUse } from './credentials/credential-use.js';
import { FloodGuard } from './credentials/flood-guard.js';
import { PausesRepository } from './credentials/pauses.repository.js';
import { CredentialsController } from './credentials/credentials.controller.js';
import { CredentialsRepository } from './credentials/credentials.repository.js';
import { CredentialsService } from './credentials/credentials.service.js';
import { RenewalController } from './credentials/renewal.controller.js';
import { ConsoleBus } from './console-bus.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { DeadLettersService } from './dead-letters/dead-letters.service.js';
import { DisputesController } from './disputes/disputes.controller.js';
import { DisputesService } from './disputes/disputes.service.js';
import { CanonicalInput } from './http/canonical-input.js';
import { IdempotencyInterceptor } from './http/idempotency.js';
import { IdempotencyStore } from './http/idempotency.store.js';
import { UndeclaredInput } from './http/undeclared-input.js';
import { WrongKeys } from './http/wrong-keys.js';
import { LINK_SECRET, MediaLinksController } from './media/links.controller.js';
import { LivenessBoard } from './networks/liveness.js';
import { NetworksController } from './networks/networks.controller.js';
import { NetworksService } from './networks/networks.service.js';
import { StandInController } from './networks/stand-in.controller.js';
import { SignOnController } from './networks/sign-on.controller.js';
import { DirectoryService } from './numbers/directory.service.js';
import { PortedController } from './numbers/ported.controller.js';
import { ResolveController } from './numbers/resolve.controller.js';
import { RegistryPublisher } from './registry/registry-publisher.js';
import { RegistryService } from './registry/registry.service.js';
import { BusinessDaysController } from './settlement/business-days.controller.js';
import { SettlementController } from './settlement/settlement.controller.js';
import { SettlementService } from './settlement/settlement.service.js';
import { ConsentController } from './subscribers/consent.controller.js';
import { ConsentService } from './subscribers/consent.service.js';
import { NumberLinksController } from './subscribers/links.controller.js';
import { LinksService } from './subscribers/links.service.js';
import { NoticeSender } from './subscribers/notice-sender.js';
import { TraceController } from './trace/trace.controller.js';

/** Periods and bounds that the settings may change. */
export interface ExchangeTerms {
  changes: ChangeTerms;
  membership: MembershipTerms;
}
export const DEFAULT_TERMS: ExchangeTerms = {
  changes: { days: 14, openPerProposer: 100 },
  membership: { leaveNoticeDays: 30, emergencySuspensionHours: 24 },
};

@Module({})
export class ConsoleModule {
  static using(
    bus: ConsoleBus,
    database: DataSource,
    readiness: Readiness,
    linkSecret: string | undefined,
    clock: Clock,
    terms: ExchangeTerms = DEFAULT_TERMS,
  ): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [HealthModule.using(readiness)],
      controllers: [
        NetworksController,
        CredentialsController,
        RenewalController,
        StandInController,
        RiskController,
        AbuseController,
        BlockedController,
        KeysController,
        PeopleController,
        MeController,
        TraceController,
        DeadLettersController,
        SignOnController,
        CertificationsController,
        AdaptersController,
        MediaLinksController,
        MembersController,
        DeparturesController,
        AcceptanceRulesController,
        OperatorsController,
        AuditController,
        AnnouncementsController,
        ChangesController,
        AgreementsController,
        TariffsController,
        DisputesController,
        SettlementController,
        AdjustmentsController,
        BusinessDaysController,
        NumberLinksController,
        ConsentController,
        PortedController,
        ResolveController,
      ],
      providers: [
        { provide: ConsoleBus, useValue: bus },
        { provide: DataSource, useValue: database },
        { provide: LINK_SECRET, useValue: linkSecret },
        { provide: CLOCK, useValue: clock },
        { provide: CHANGE_TERMS, useValue: terms.changes },
        { provide: MEMBERSHIP_TERMS, useValue: terms.membership },
        ApiKeysRepository,
        ApiKeysService,
        DifferentPeople,
        KeyRequests,
        KeyExpiry,
        SignIns,
        Denials,
        PeopleRepository,
        PeopleService,
        BlockedRepository,
        BlockedService,
        GovernedEffects,
        DayClosing,
        NetworksService,
        CredentialsRepository,
        CredentialsService,
        AccountPublisher,
        CredentialUse,
        PausesRepository,
        FloodGuard,
        RegistryService,
        RegistryPublisher,
        AuditService,
        AuditCheckpoints,
        AnnouncementsRepository,
        MembersService,
        NetworkViews,
        SuspensionsService,
        SuspensionsRepository,
        DeparturesService,
        DeparturesRepository,
        MembershipNews,
        ChangesService,
        ChangesRepository,
        ChangeNews,
        AcceptanceRulesRepository,
        ChangeEffects,
        AgreementsService,
        PreviewService,
        LivenessBoard,
        CertificationsService,
        AdaptersService,
        AbuseService,
        RiskService,
        ReportLimits,
        RiskDecisions,
        RiskSteps,
        RiskRepository,
        DeadLettersService,
        DisputesService,
        SettlementService,
        SettlementNews,
        AdjustmentsRepository,
        AdjustmentsService,
        IdempotencyStore,
        WrongKeys,
        DirectoryService,
        LinksService,
        ConsentService,
        IdFoldingsRepository,
        CanonicalInput,
        StoredAddressesRepository,
        StoredAddresses,
        NoticeSender,
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: UndeclaredInput },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
      ],
    };
  }
}
