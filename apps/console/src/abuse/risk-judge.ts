/** Updates the risk of networks once a minute. */
import { Inject, Injectable } from '@nestjs/common';
import { LOG, type Log, PeriodicWorker } from '#service';
import { CLOCK, type Clock } from '../core/clock.js';
import { RiskService } from './risk.service.js';

const EVERY_MS = 60_000;

@Injectable()
export class RiskJudge extends PeriodicWorker {
  constructor(
    private readonly risks: RiskService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) log: Log,
  ) {
    super(EVERY_MS, 'risk of networks', log);
  }

  round(): Promise<unknown> {
    return this.risks.judge(this.clock());
  }
}
