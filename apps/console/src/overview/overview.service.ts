/** Makes the overview: figures from the trace, and what needs attention. */
import { Inject, Injectable } from '@nestjs/common';
import { isReserved, network as networkSlug } from '#protocol';
import { LruCache } from '#service';
import { CLOCK, type Clock } from '../core/clock.js';
import { ConsoleBus } from '../core/console-bus.js';
import { DeadLettersService } from '../dead-letters/dead-letters.service.js';
import { LivenessBoard } from '../networks/liveness.js';
import { PaymentsRepository } from '../payments/payments.repository.js';
import { WebhooksRepository } from '../webhooks/webhooks.repository.js';
import type { OverviewProblem, OverviewView, Range } from './overview.dto.js';
import { OverviewRepository, type Figures, type Span } from './overview.repository.js';
import { isUnavailable, problemsOf, type NetworkState } from './problems.js';
import { byCode, seriesOf, spanOf } from './series.js';

const DAY_MS = 24 * 3600_000;
const CREDENTIAL_DAYS = 14;
const CERTIFICATE_DAYS = 30;
/** Many people look at the same figures. */
const CACHE_MS = 5000;

interface Made {
  at: Date;
  span: Span;
  figures: Figures;
}

@Injectable()
export class OverviewService {
  private readonly made = new LruCache<string, Promise<Made>>({ max: 500, ttl: CACHE_MS });

  constructor(
    private readonly rows: OverviewRepository,
    private readonly liveness: LivenessBoard,
    private readonly letters: DeadLettersService,
    private readonly bus: ConsoleBus,
    private readonly payments: PaymentsRepository,
    private readonly webhooks: WebhooksRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** What needs attention is as it is now; the figures are a few seconds old. @param network of an operator; null: the whole exchange */
  async of(range: Range, network: string | null): Promise<OverviewView> {
    const { at, span, figures } = await this.figures(range, network);
    const networks = await this.networks(network);
    const letters = await this.deadLetters(network);
    return {
      at: at.toISOString(),
      perSecond: Math.round((figures.lastMinute / 60) * 100) / 100,
      inFlight: figures.inFlight,
      waiting: figures.waiting,
      failed: figures.failed.reduce((sum, { count }) => sum + count, 0),
      networks: networks.length,
      unavailable: networks.filter(isUnavailable).length,
      deadLetters: letters && [...letters.values()].reduce((sum, count) => sum + count, 0),
      p50Ms: figures.p50,
      p99Ms: figures.p99,
      failedByCode: byCode(figures.failed),
      businessDay: figures.day ?? null,
      problems: await this.problems(network, networks, letters),
      series: seriesOf(span, figures),
    };
  }

  private async figures(range: Range, network: string | null): Promise<Made> {
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

  private async make(range: Range, network: string | null): Promise<Made> {
    const at = this.clock();
    const span = spanOf(range, at);
    return { at, span, figures: await this.rows.figures(span, network) };
  }

  private async problems(
    network: string | null,
    networks: readonly NetworkState[],
    letters: ReadonlyMap<string, number> | null,
  ): Promise<OverviewProblem[]> {
    const now = this.clock();
    const within = (days: number) => new Date(now.getTime() + days * DAY_MS);
    const findings = {
      networks,
      credentials: await this.rows.expiringCredentials(within(CREDENTIAL_DAYS), network),
      certificates: await this.rows.expiringCertificates(within(CERTIFICATE_DAYS), network),
      letters: letters ?? new Map<string, number>(),
      overduePositions: await this.payments.overdueByParty(now, network),
      webhooks: await this.webhooks.disabled(network),
      // Members cannot do anything about it.
      overdueDay: network === null ? await this.rows.overdueDay(now) : undefined,
    };
    return problemsOf(findings, now);
  }

  /** Without the networks of the hub itself, which have no adapter. */
  private async networks(network: string | null): Promise<NetworkState[]> {
    const rows = await this.rows.networks(network);
    return rows
      .filter(({ slug }) => !isReserved(networkSlug(slug)))
      .map(({ slug, status }) => {
        const { signedOn, nativeConnected, lastHeard } = this.liveness.of(networkSlug(slug));
        return { slug, status, signedOn, nativeConnected, lastHeard };
      });
  }

  /** By network. null: the bus, which keeps them, is not connected */
  private async deadLetters(network: string | null): Promise<Map<string, number> | null> {
    if (!this.bus.link.connected) return null;
    const counts = await this.letters.counts();
    return network === null ? counts : new Map([...counts].filter(([slug]) => slug === network));
  }
}
