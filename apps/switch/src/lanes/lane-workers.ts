/** Makes the reader of each network's events. */
import { Inject, Injectable } from '@nestjs/common';
import { MediaGrants, OrderedPublisher } from '#bus';
import { LOG, type Log } from '#service';
import { SenderLimits } from '../limits/sender-limits.js';
import { LocalViews } from '../registry/local-views.js';
import { LaneWorker } from './lane-worker.js';

@Injectable()
export class LaneWorkers {
  constructor(
    private readonly views: LocalViews,
    private readonly limits: SenderLimits,
    private readonly publisher: OrderedPublisher,
    private readonly grants: MediaGrants,
    @Inject(LOG) private readonly log: Log,
  ) {}

  create(): LaneWorker {
    const { views, limits, publisher, grants, log } = this;
    return new LaneWorker({ views, limits, publisher, grants, log });
  }
}
