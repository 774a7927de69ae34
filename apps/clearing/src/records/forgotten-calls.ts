/** Deletes, once an hour, answers and ends of calls whose invitation was never routed: no record will need them. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LOG, PeriodicWorker, type Log } from '#service';
import { deleteOldActs } from './call-acts.repository.js';

const HOUR_MS = 3600_000;

@Injectable()
export class ForgottenCalls extends PeriodicWorker {
  constructor(
    private readonly database: DataSource,
    @Inject(LOG) log: Log,
  ) {
    super(HOUR_MS, 'deletion of forgotten calls', log);
  }

  async round(): Promise<void> {
    const deleted = await deleteOldActs(this.database);
    if (deleted > 0) this.log.info({ deleted }, 'deleted what became of calls that were never routed');
  }
}
