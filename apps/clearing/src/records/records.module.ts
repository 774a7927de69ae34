/** Detail records, written from what the bus carried. */
import { Module } from '@nestjs/common';
import { ForgottenCalls } from './forgotten-calls.js';
import { Ledger } from './ledger.js';
import { RecordLegsRepository } from './record-legs.repository.js';

@Module({ providers: [Ledger, RecordLegsRepository, ForgottenCalls], exports: [Ledger] })
export class RecordsModule {}
