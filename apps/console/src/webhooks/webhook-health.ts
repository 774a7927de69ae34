/** Notes whether a receiver works, and disables a webhook that has failed for days. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SETTINGS } from '#service';
import { AuditService } from '../audit/audit.service.js';
import type { ConsoleSettings } from '../console.config.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { WebhooksRepository } from './webhooks.repository.js';

const DAY_MS = 24 * 3600_000;

@Injectable()
export class WebhookHealth {
  constructor(
    private readonly database: DataSource,
    private readonly rows: WebhooksRepository,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  delivered(webhook: string): Promise<void> {
    return this.rows.works(webhook);
  }

  /** Waiting deliveries of a webhook that is disabled are kept: they are sent when somebody enables it. */
  async failed(webhook: string, why: string): Promise<void> {
    const now = this.clock();
    const days = this.settings.WEBHOOK_FAILING_DAYS;
    await this.database.transaction(async (manager) => {
      const row = await this.rows.fails(manager, webhook, now, new Date(now.getTime() - days * DAY_MS));
      if (!row) return;
      await this.audit.record(manager, {
        by: 'hub',
        action: 'webhook.disabled',
        subject: `webhook/${webhook}`,
        reason: `no delivery has succeeded for ${days} days: ${why}`,
        change: { host: new URL(row.url).host, failingSince: row.failing_since.toISOString() },
        networks: row.network === null ? [] : [row.network],
      });
    });
  }
}
