/** Sends waiting deliveries. Any number of consoles do it; each delivery is claimed by one of them. */
import { Inject, Injectable } from '@nestjs/common';
import { hutongVersion, LOG, metrics, PeriodicWorker, SETTINGS, settled, tolerate, type Log } from '#service';
import type { ConsoleSettings } from '../console.config.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { placeOf } from '../secrets/sealed-secrets.repository.js';
import { SecretBox } from '../secrets/secret-box.js';
import { DeliveriesRepository, type DueDelivery, type Outcome } from './deliveries.repository.js';
import { retryAfterMs } from './retry-schedule.js';
import { ATTEMPT_MS, post } from './webhook-post.js';
import { WebhookHealth } from './webhook-health.js';
import { signedHeaders } from './webhook-signature.js';

const EVERY_MS = 1000;
/** Webhooks to which one console sends at the same time: one that hangs delays no other. */
const MOST_AT_ONCE = 20;

@Injectable()
export class DeliveryWorker extends PeriodicWorker {
  /** Webhooks to which this console is sending, each with the end of its work. Bounded by MOST_AT_ONCE. */
  private readonly sending = new Map<string, Promise<void>>();
  private stopped = false;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly rows: DeliveriesRepository,
    private readonly box: SecretBox,
    private readonly health: WebhookHealth,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
    @Inject(LOG) log: Log,
  ) {
    super(EVERY_MS, 'delivery of webhooks', log);
  }

  /** Starts what is due, and does not wait for its end. One claim after the other: each must see what the one before started. */
  round(): Promise<void> {
    this.turn = settled(this.turn).then(() => this.claim());
    return this.turn;
  }

  override async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await super.onApplicationShutdown();
    await settled(this.turn);
    await Promise.all(this.sending.values());
  }

  private async claim(): Promise<void> {
    const busy = [...this.sending.keys()];
    if (this.stopped || busy.length >= MOST_AT_ONCE) return;
    const due = await this.rows.claim(MOST_AT_ONCE - busy.length, busy);
    for (const delivery of due) this.sending.set(delivery.webhook, this.send(delivery));
  }

  private async send(delivery: DueDelivery): Promise<void> {
    await tolerate('delivery of a webhook', this.log, async () => {
      const outcome = await this.attempt(delivery);
      metrics.webhookAttempts.inc({ outcome: outcome.state });
      await this.rows.settle(delivery, outcome);
      await (outcome.error === null
        ? this.health.delivered(delivery.webhook)
        : this.health.failed(delivery.webhook, outcome.error));
    });
    this.sending.delete(delivery.webhook);
    // The next one of this webhook is due at once, not only in the next round.
    if (!this.stopped) await tolerate('delivery of webhooks', this.log, () => this.round());
  }

  private async attempt(delivery: DueDelivery): Promise<Outcome> {
    const body = bodyOf(delivery);
    const place = placeOf('webhook', delivery.webhook);
    const sealed = [delivery.secret, ...(delivery.former_secret === null ? [] : [delivery.former_secret])];
    const secrets = sealed.map((secret) => this.box.open(secret, place));
    const headers = {
      'content-type': 'application/json',
      'user-agent': `Hutong/${hutongVersion()} (webhook)`,
      ...signedHeaders(secrets, delivery.event, this.clock(), body),
    };
    const privateHosts = this.settings.WEBHOOK_PRIVATE_HOSTS;
    const posted = await post(delivery.url, headers, body, { privateHosts, timeoutMs: ATTEMPT_MS });
    if (posted.error === null) return { state: 'delivered', ...posted };
    const retryMs = retryAfterMs(delivery.attempts);
    return { state: retryMs === undefined ? 'failed' : 'waiting', ...posted, retryMs };
  }
}

/** Contains no content of messages. */
function bodyOf({ event, kind, at, network, subject, words }: DueDelivery): string {
  const timestamp = at.toISOString();
  return JSON.stringify({ id: event, type: kind, timestamp, data: { network, subject, words } });
}
