/** Outcomes of deliveries become receipts and reports for the senders. */
import { Module } from '@nestjs/common';
import { RegistryModule } from '../registry/registry.module.js';
import { ReportWorker } from './report-worker.js';
import { NextStep } from './next-step.js';

@Module({ imports: [RegistryModule], providers: [ReportWorker, NextStep], exports: [ReportWorker] })
export class ReportsModule {}
