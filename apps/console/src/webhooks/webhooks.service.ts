/** Webhooks of a network or of the exchange. Each step writes an audit entry in its transaction. */
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { SETTINGS } from '#service';
import { AuditService, type Change } from '../audit/audit.service.js';
import type { ConsoleSettings } from '../console.config.js';
import { TEST_KIND } from '../events/event-kinds.js';
import { insertEvent } from '../events/hub-events.repository.js';
import { placeOf } from '../secrets/sealed-secrets.repository.js';
import { SecretBox } from '../secrets/secret-box.js';
import { DeliveriesRepository, type DeliveryRow } from './deliveries.repository.js';
import { newWebhookSecret } from './webhook-signature.js';
import { targetOf } from './webhook-url.js';
import { MOST_WEBHOOKS, type NewWebhook, type SecretRotation, type WebhookChange } from './webhooks.dto.js';
import { WebhooksRepository, type WebhookRow } from './webhooks.repository.js';

@Injectable()
export class WebhooksService {
  constructor(
    private readonly database: DataSource,
    private readonly rows: WebhooksRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly box: SecretBox,
    private readonly audit: AuditService,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  /** An operator has those of their network; admins and auditors have those of the exchange. @throws ApiProblem not-found */
  async find(caller: ApiKeyRow, id: string, queries = this.database.manager): Promise<WebhookRow> {
    const row = await this.rows.find(queries, id, caller.network);
    if (!row) throw new ApiProblem('not-found', `no webhook ${id}`);
    return row;
  }

  async create(caller: ApiKeyRow, asked: NewWebhook): Promise<{ row: WebhookRow; secret: string }> {
    const { url, kinds, note, reason } = asked;
    this.expectAllowed(url);
    const [id, secret] = [randomUUID(), newWebhookSecret()];
    const sealed = this.box.seal(secret, placeOf('webhook', id));
    return this.database.transaction(async (manager) => {
      if ((await this.rows.countLocked(manager, caller.network)) >= MOST_WEBHOOKS)
        throw new ApiProblem(
          'conflict',
          `there are ${MOST_WEBHOOKS} webhooks, the maximum: remove one first`,
        );
      await this.rows.insert(manager, {
        id,
        network: caller.network,
        url,
        kinds,
        note,
        secret: sealed,
        enabled: true,
        createdBy: caller.id,
      });
      await this.audit.record(manager, noted(caller, id, 'created', reason, { host: hostOf(url), kinds }));
      return { row: await this.find(caller, id, manager), secret };
    });
  }

  async change(caller: ApiKeyRow, id: string, asked: WebhookChange): Promise<WebhookRow> {
    const { url, kinds, note, enabled, reason } = asked;
    this.expectAllowed(url);
    return this.database.transaction(async (manager) => {
      await this.find(caller, id, manager);
      await this.rows.change(manager, { id, url, kinds, note, enabled });
      const change = { host: hostOf(url), kinds, enabled };
      await this.audit.record(manager, noted(caller, id, 'changed', reason, change));
      return this.find(caller, id, manager);
    });
  }

  /** @returns the new secret, which is shown once */
  async rotateSecret(
    caller: ApiKeyRow,
    id: string,
    { hours, reason }: SecretRotation,
  ): Promise<{ row: WebhookRow; secret: string }> {
    const secret = newWebhookSecret();
    return this.database.transaction(async (manager) => {
      await this.find(caller, id, manager);
      await this.rows.rotate(manager, id, this.box.seal(secret, placeOf('webhook', id)), hours);
      await this.audit.record(manager, noted(caller, id, 'secret-rotated', reason, { hours }));
      return { row: await this.find(caller, id, manager), secret };
    });
  }

  async remove(caller: ApiKeyRow, id: string, reason: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      const { url } = await this.find(caller, id, manager);
      await this.rows.remove(manager, id);
      await this.audit.record(manager, noted(caller, id, 'removed', reason, { host: hostOf(url) }));
    });
  }

  /** Also to a webhook that is disabled: it is sent once it is enabled. */
  async test(caller: ApiKeyRow, id: string): Promise<DeliveryRow> {
    return this.database.transaction(async (manager) => {
      await this.find(caller, id, manager);
      const key = `test ${randomUUID()}`;
      const words = `A test that ${caller.name} asked for.`;
      const test = {
        key,
        kind: TEST_KIND,
        network: caller.network,
        subject: `webhook/${id}`,
        words,
      } as const;
      const event = await insertEvent(manager, test);
      const delivery = await this.deliveries.add(manager, id, event ?? '');
      await this.audit.record(manager, noted(caller, id, 'tested', 'asked for', null));
      return this.delivery(id, delivery, manager);
    });
  }

  /** With the same id of the event, by which a receiver knows it again. */
  async redeliver(caller: ApiKeyRow, id: string, delivery: string): Promise<DeliveryRow> {
    return this.database.transaction(async (manager) => {
      await this.find(caller, id, manager);
      await this.delivery(id, delivery, manager);
      if (!(await this.deliveries.again(manager, delivery)))
        throw new ApiProblem('conflict', 'this delivery waits for its next attempt already');
      await this.audit.record(manager, noted(caller, id, 'redelivered', 'asked for', { delivery }));
      return this.delivery(id, delivery, manager);
    });
  }

  private async delivery(webhook: string, id: string, queries = this.database.manager): Promise<DeliveryRow> {
    const row = await this.deliveries.find(queries, webhook, id);
    if (!row) throw new ApiProblem('not-found', `no delivery ${id}`);
    return row;
  }

  private expectAllowed(url: string): void {
    const target = targetOf(url, this.settings.WEBHOOK_PRIVATE_HOSTS);
    if ('fault' in target) throw new ApiProblem('invalid', `url: ${target.fault}`);
  }
}

/** The rest of an address can contain a secret of the receiver. */
function hostOf(url: string): string {
  return new URL(url).host;
}

function noted(by: ApiKeyRow, id: string, verb: string, reason: string, change: unknown): Change {
  return { by, action: `webhook.${verb}`, subject: `webhook/${id}`, reason, change };
}
