/** Detail records, written from what the bus carried. */
import { Module } from '@nestjs/common';
import { Ledger } from './ledger.js';
import { RecordLegsRepository } from './record-legs.repository.js';

@Module({ providers: [Ledger, RecordLegsRepository], exports: [Ledger] })
export class RecordsModule {}
