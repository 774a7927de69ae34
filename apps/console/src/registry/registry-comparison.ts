/** Compares the registry on the bus with the database at start, which waits for it, and every minute. */
import { Inject, Injectable } from '@nestjs/common';
import { LOG, type Log, PeriodicWorker } from '#service';
import { RegistryService } from './registry.service.js';

const EVERY_MS = 60_000;

@Injectable()
export class RegistryComparison extends PeriodicWorker {
  constructor(
    private readonly registry: RegistryService,
    @Inject(LOG) log: Log,
  ) {
    super(EVERY_MS, 'comparison of the registry with the database', log);
  }

  override async onApplicationBootstrap(): Promise<void> {
    await this.round();
    await super.onApplicationBootstrap();
  }

  round(): Promise<void> {
    return this.registry.reconcile();
  }
}
