/** Limits of senders. One count for all networks that this instance reads. */
import { Module } from '@nestjs/common';
import { SETTINGS } from '#service';
import type { SwitchSettings } from '../switch.config.js';
import { SenderLimits } from './sender-limits.js';

@Module({
  providers: [
    {
      provide: SenderLimits,
      inject: [SETTINGS],
      useFactory: (settings: SwitchSettings) =>
        new SenderLimits({
          recipientsPerDay: settings.RECIPIENTS_PER_DAY,
          sameWordsPerMinute: settings.SAME_WORDS_PER_MINUTE,
        }),
    },
  ],
  exports: [SenderLimits],
})
export class LimitsModule {}
