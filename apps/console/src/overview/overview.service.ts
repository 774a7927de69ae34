/** Makes the overview: figures from the trace, and what needs attention. */
import { Inject, Injectable } from '@nestjs/common';
import type { Network } from '#protocol';
import { LruCache } from '#service';
import { CLOCK, type Clock } from '../core/clock.js';
import { LivenessBoard } from '../networks/liveness.js';
import type { OverviewProblem, OverviewView, Range } from './overview.dto.js';
import { OverviewRepository, type Expiring } from './overview.repository.js';
import { byCode, seriesOf, spanOf } from './series.js';

const DAY_MS = 24 * 3600_000;
const CREDENTIAL_DAYS = 14;
const CERTIFICATE_DAYS = 30;
/** Many people look at the same figures. */
const CACHE_MS = 5000;

@Injectable()
export class OverviewService {
  private readonly made = new LruCache<string, Promise<OverviewView>>({ max: 500, ttl: CACHE_MS });

  constructor(
    private readonly rows: OverviewRepository,
    private readonly liveness: LivenessBoard,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param network of an operator; null: the whole exchange */
  async of(range: Range, network: string | null): Promise<OverviewView> {
    const key = `${range} ${network ?? ''}`;
    const known = this.made.get(key);
    if (known) return known;
    const making = this.make(range, network);
    this.made.set(key, making);
    return making.catch((error: unknown) => {
      this.made.delete(key);
      throw error;
    });
  }

  private async make(range: Range, network: string | null): Promise<OverviewView> {
    const now = this.clock();
    const span = spanOf(range, now);
    const figures = await this.rows.figures(span, network);
    return {
      at: now.toISOString(),
      perSecond: Math.round((figures.lastMinute / 60) * 100) / 100,
      inFlight: figures.inFlight,
      waiting: figures.waiting,
      failed: figures.failed.reduce((sum, { count }) => sum + count, 0),
      p50Ms: figures.p50,
      p99Ms: figures.p99,
      failedByCode: byCode(figures.failed),
      businessDay: figures.day ?? null,
      problems: await this.problems(now, network),
      series: seriesOf(span, figures),
    };
  }

  private async problems(now: Date, network: string | null): Promise<OverviewProblem[]> {
    const within = (days: number) => new Date(now.getTime() + days * DAY_MS);
    const problems = [
      ...(await this.rows.networks(network)).flatMap((one) => this.problemOf(one)),
      ...(await this.rows.expiringCredentials(within(CREDENTIAL_DAYS), network)).map((one) =>
        expiring('credential', one, now),
      ),
      ...(await this.rows.expiringCertificates(within(CERTIFICATE_DAYS), network)).map((one) =>
        expiring('certificate', one, now),
      ),
    ];
    const rank = { critical: 0, warning: 1 };
    return problems.sort((one, other) => rank[one.severity] - rank[other.severity]).slice(0, 200);
  }

  private problemOf({ slug, status }: { slug: string; status: string }): OverviewProblem[] {
    if (status === 'suspended')
      return [
        {
          kind: 'network-suspended',
          severity: 'warning',
          subject: slug,
          words: `${slug} is suspended: nothing is accepted from it or delivered to it`,
          todo: 'When the reason is gone, an admin enables it again',
          at: null,
        },
      ];
    const { signedOn, nativeConnected, lastHeard } = this.liveness.of(slug as Network);
    if (signedOn && nativeConnected) return [];
    return [
      {
        kind: 'network-unavailable',
        severity: 'critical',
        subject: slug,
        words: signedOn
          ? `The adapter of ${slug} is not connected to its network`
          : `No adapter of ${slug} is signed on`,
        todo: 'Look at the log of the adapter; messages to this network wait until it is back',
        at: lastHeard ?? null,
      },
    ];
  }
}

function expiring(
  what: 'credential' | 'certificate',
  { network, until }: Expiring,
  now: Date,
): OverviewProblem {
  const isOver = until <= now;
  return {
    kind: `${what}-expires`,
    severity: isOver ? 'critical' : 'warning',
    subject: network,
    words: `The ${what} of ${network} ${isOver ? 'has expired' : 'expires soon'}`,
    todo:
      what === 'credential'
        ? 'The adapter renews it by itself when it is connected; otherwise the operator issues another'
        : 'Its operator starts another certification',
    at: until.toISOString(),
  };
}
