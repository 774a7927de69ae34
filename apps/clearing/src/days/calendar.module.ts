/** Cutover and time zone of business days, for every module. */
import { Global, Module } from '@nestjs/common';
import { businessDays } from '#clearing';
import { SETTINGS } from '#service';
import type { ClearingSettings } from '../clearing.config.js';
import { BUSINESS_DAYS } from './business-days.js';

@Global()
@Module({
  providers: [
    {
      provide: BUSINESS_DAYS,
      inject: [SETTINGS],
      useFactory: (settings: ClearingSettings) =>
        businessDays(settings.CLEARING_CUTOVER, settings.CLEARING_ZONE),
    },
  ],
  exports: [BUSINESS_DAYS],
})
export class CalendarModule {}
