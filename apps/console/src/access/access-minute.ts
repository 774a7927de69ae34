/** Once a minute writes expired keys and denied requests of the last minute to the audit log. */
import { Inject, Injectable } from '@nestjs/common';
import { LOG, type Log, PeriodicWorker } from '#service';
import { Denials } from './denials.js';
import { KeyExpiry } from './key-expiry.js';

const EVERY_MS = 60_000;

@Injectable()
export class AccessMinute extends PeriodicWorker {
  constructor(
    private readonly expiry: KeyExpiry,
    private readonly denials: Denials,
    @Inject(LOG) log: Log,
  ) {
    super(EVERY_MS, 'expired keys and denied requests for the audit log', log);
  }

  round(): Promise<unknown> {
    return Promise.all([this.expiry.sweep(), this.denials.endMinute()]);
  }
}
