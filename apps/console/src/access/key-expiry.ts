/** Writes expired keys to the audit log. An expired key is refused whether or not it is in the log yet. */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditService } from '../audit/audit.service.js';
import { takeExpired } from './key-expiry.repository.js';

@Injectable()
export class KeyExpiry {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditService,
  ) {}

  async sweep(): Promise<void> {
    await this.database.transaction(async (manager) => {
      const expired = await takeExpired(manager);
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
