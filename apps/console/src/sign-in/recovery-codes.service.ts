/** Recovery codes of people: made ten at a time, kept as hashes, each used once. */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { PersonRow } from '#database';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { noted } from './account-entry.js';
import { hashOfRecoveryCode, newRecoveryCodes } from './recovery-codes.js';
import { RecoveryRepository } from './recovery.repository.js';

@Injectable()
export class RecoveryCodesService {
  constructor(
    private readonly database: DataSource,
    private readonly rows: RecoveryRepository,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns new codes; those before are accepted no more */
  async renew(manager: EntityManager, person: string): Promise<string[]> {
    const codes = newRecoveryCodes();
    const hashes = codes.map((code) => hashOfRecoveryCode(person, code));
    await this.rows.replaceCodes(manager, person, hashes);
    return codes;
  }

  /** @returns false if the person has no such code, or has used it */
  use(person: PersonRow, code: string): Promise<boolean> {
    const hash = hashOfRecoveryCode(person.id, code);
    return this.database.transaction(async (manager) => {
      if (!(await this.rows.useCode(manager, person.id, hash, this.clock()))) return false;
      const left = await this.rows.codesLeft(person.id, manager);
      const why = 'instead of a code of the authenticator';
      await this.audit.record(manager, noted('hub', person, 'recovery-code-used', why, { left }));
      return true;
    });
  }
}
