/** Ends emergency suspensions that no second admin has confirmed in time. Any number of consoles can run it. */
import { Inject, Injectable } from '@nestjs/common';
import { LOG, type Log, PeriodicWorker } from '#service';
import { SuspensionsService } from './suspensions.service.js';

const EVERY_MS = 60_000;

@Injectable()
export class SuspensionExpiry extends PeriodicWorker {
  constructor(
    private readonly suspensions: SuspensionsService,
    @Inject(LOG) log: Log,
  ) {
    super(EVERY_MS, 'expiry of unconfirmed suspensions', log);
  }

  async round(): Promise<void> {
    while (await this.suspensions.liftOne());
  }
}
