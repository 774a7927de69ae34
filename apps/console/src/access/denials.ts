/**
 * Writes denied requests (wrong and expired keys, wrong passwords, missing permissions, requests of other sites) to the audit log. The first one of each key, address and
 * kind within a minute is written at once; the others are counted and written at the end of the minute. The number of entries per
 * minute is bounded, so that wrong keys cannot fill the log.
 */
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import { addressGroup } from './sign-ins.js';

export interface Denial {
  kind: 'wrong-key' | 'expired-key' | 'missing-permission' | 'cross-site' | 'wrong-sign-in';
  /** Key of the request, if it is a valid one. */
  by: ApiKeyRow | undefined;
  /** First characters of the SHA-256 of an unknown key, so that the same wrong key can be recognised. */
  fingerprint: string;
  ip: string;
  /** Permission that the route requires, or person who was named in a sign-in, if known. */
  detail: string;
}

interface Counted {
  denial: Denial;
  again: number;
}

const MINUTE_MS = 60_000;
/** Maximum number of entries per minute. Further denials are one entry at the end of the minute. */
export const MOST_DENIALS = 50;

@Injectable()
export class Denials implements OnApplicationShutdown {
  private readonly log = new Logger('denials');
  private minute = 0;
  private counted = new Map<string, Counted>();
  private beyond = 0;

  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Records a denial. Errors are logged only: the request is denied in any case. */
  async note(denial: Denial): Promise<void> {
    try {
      await this.count(denial);
    } catch (error) {
      this.log.warn(error, `a denied request (${denial.kind}) was not written to the audit log`);
    }
  }

  private async count(denial: Denial): Promise<void> {
    if (Math.floor(this.clock().getTime() / MINUTE_MS) !== this.minute) await this.endMinute();
    const group = { ...denial, ip: addressGroup(denial.ip) };
    const key = [group.kind, group.by?.id ?? group.fingerprint, group.ip].join(' ');
    const known = this.counted.get(key);
    if (known) known.again++;
    else if (this.counted.size >= MOST_DENIALS) this.beyond++;
    else {
      this.counted.set(key, { denial: group, again: 0 });
      await this.write(group, 1);
    }
  }

  /** Writes the counted denials of the last minute. Also called once a minute, in case no further request is denied. */
  async endMinute(): Promise<void> {
    const [counted, beyond] = [this.counted, this.beyond];
    this.minute = Math.floor(this.clock().getTime() / MINUTE_MS);
    [this.counted, this.beyond] = [new Map(), 0];
    for (const { denial, again } of counted.values()) if (again > 0) await this.write(denial, again);
    if (beyond === 0) return;
    await this.database.transaction((manager) =>
      this.audit.record(manager, {
        by: 'hub',
        action: 'request.denied',
        subject: 'request/others',
        reason: `more than ${MOST_DENIALS} keys and addresses within a minute`,
        change: { times: beyond },
      }),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    try {
      await this.endMinute();
    } catch (error) {
      this.log.warn(error, 'denied requests of the last minute were not written to the audit log');
    }
  }

  private async write({ kind, by, fingerprint, ip, detail }: Denial, times: number): Promise<void> {
    await this.database.transaction((manager) =>
      this.audit.record(manager, {
        by: by ?? 'hub',
        action: 'request.denied',
        subject: by ? `key/${by.id}` : `address/${ip}`,
        reason: kind,
        change: { address: ip, fingerprint, detail, times },
      }),
    );
  }
}
