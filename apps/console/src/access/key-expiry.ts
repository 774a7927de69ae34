/** Writes expired keys to the audit log. An expired key is refused whether or not it is in the log yet. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditService } from '../audit/audit.service.js';

interface Expired {
  id: string;
  person_id: string;
  name: string;
  network: string | null;
  expires_at: Date;
}

/** Maximum number of keys in one round. */
const MOST = 200;

@Injectable()
export class KeyExpiry {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  async sweep(): Promise<void> {
    await this.database.transaction(async (manager) => {
      const [expired] = await manager.query<[Expired[], number]>(
        `UPDATE api_key SET expiry_recorded_at = now() WHERE id IN (
           SELECT id FROM api_key WHERE expires_at <= now() AND expiry_recorded_at IS NULL AND revoked_at IS NULL
           ORDER BY expires_at LIMIT ${MOST} FOR UPDATE SKIP LOCKED)
         RETURNING id, person_id, name, network, expires_at`,
      );
      for (const { id, person_id: person, name, network, expires_at: expiresAt } of expired)
        await this.audit.record(manager, {
          by: 'hub',
          action: 'key.expired',
          subject: `key/${id}`,
          reason: 'its time is over',
          change: { person, name, expiresAt },
          networks: network === null ? [] : [network],
        });
    });
  }
}
