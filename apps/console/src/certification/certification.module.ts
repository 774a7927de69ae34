/** Certification of adapters, and the lifecycle of certificates. */
import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { NetworksModule } from '../networks/networks.module.js';
import { RegistryModule } from '../registry/registry.module.js';
import { AdaptersController } from './adapters.controller.js';
import { AdaptersService } from './adapters.service.js';
import { CertificationCasesController } from './certification-cases.controller.js';
import { CertificationsController } from './certifications.controller.js';
import { CertificationsService } from './certifications.service.js';
import { PageVisits } from './page-visits.js';
import { ReportLinksController } from './report-links.controller.js';
import { ReportLinksRepository } from './report-links.repository.js';
import { ReportLinksService } from './report-links.service.js';
import { SharedReportsController } from './shared-reports.controller.js';
import { TestPeopleController } from './test-people.controller.js';

@Module({
  imports: [AuditModule, RegistryModule, NetworksModule],
  controllers: [
    CertificationsController,
    CertificationCasesController,
    ReportLinksController,
    SharedReportsController,
    AdaptersController,
    TestPeopleController,
  ],
  providers: [CertificationsService, AdaptersService, ReportLinksService, ReportLinksRepository, PageVisits],
})
export class CertificationModule {}
