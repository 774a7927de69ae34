/** Business days: closed when they are over, or on request of the console. */
import { Module } from '@nestjs/common';
import { RecordsModule } from '../records/records.module.js';
import { BusinessDaysRepository } from './business-days.repository.js';
import { ClosingController } from './closing.controller.js';
import { DayCloser } from './day-closer.js';

@Module({
  imports: [RecordsModule],
  controllers: [ClosingController],
  providers: [BusinessDaysRepository, DayCloser],
})
export class DaysModule {}
