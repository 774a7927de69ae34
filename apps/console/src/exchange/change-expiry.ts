/** Ends expired proposals. Any number of consoles can run it; each change is ended by one of them. */
import { Inject, Injectable } from '@nestjs/common';
import { LOG, type Log, PeriodicWorker } from '#service';
import { ChangesService } from './changes.service.js';

const EVERY_MS = 60_000;

@Injectable()
export class ChangeExpiry extends PeriodicWorker {
  constructor(
    private readonly changes: ChangesService,
    @Inject(LOG) log: Log,
  ) {
    super(EVERY_MS, 'expiry of proposals', log);
  }

  /** @returns the number of proposals that it ended */
  async round(): Promise<number> {
    let ended = 0;
    while (await this.changes.expireOne()) ended++;
    return ended;
  }
}
