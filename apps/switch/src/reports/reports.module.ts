/** Outcomes of deliveries become receipts and reports for the senders. */
import { Module } from '@nestjs/common';
import { RegistryModule } from '../registry/registry.module.js';
import { ReportWorker } from './report-worker.js';
import { SmsFallback } from './sms-fallback.js';

@Module({ imports: [RegistryModule], providers: [ReportWorker, SmsFallback], exports: [ReportWorker] })
export class ReportsModule {}
