/** Sessions of people in the web console: started by a sign-in, ended by sign-out, time or a revocation. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow, PersonRow, Role } from '#database';
import { LruCache, SETTINGS } from '#service';
import { AuditService } from '../audit/audit.service.js';
import type { ConsoleSettings } from '../console.config.js';
import { CLOCK, type Clock } from '../core/clock.js';
import type { MomentKey } from '../http/page.js';
import { subnetOf } from '../http/subnet.js';
import { ApiKeysRepository } from './api-keys.repository.js';
import { hashOfSession } from './session-cookie.js';
import { SessionsRepository, type SessionRow, type SignInMethod } from './sessions.repository.js';

export interface NewSession {
  method: SignInMethod;
  role: Role;
  /** Key that set the password; the session counts as made with it. */
  createdBy: string | null;
  ip: string;
  agent: string;
  /** Until a second factor is set up, the session allows nothing else. */
  onlyEnrols?: boolean;
}

/** Sessions of one person at a time; a further sign-in ends the oldest. */
export const MOST_SESSIONS = 20;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MOST_AGENT = 300;

@Injectable()
export class SessionsService {
  /** Sessions whose time of last use was written within the last minute. */
  private readonly written = new LruCache<string, number>({ max: 10_000 });

  constructor(
    private readonly database: DataSource,
    private readonly rows: SessionsRepository,
    private readonly keys: ApiKeysRepository,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  /** Always a new session with a new token, whatever cookie the browser sent. */
  async start(person: PersonRow, asked: NewSession): Promise<{ token: string; key: ApiKeyRow }> {
    const token = `hs_${randomBytes(32).toString('base64url')}`;
    const at = this.clock();
    const key = keyOf(person, asked, token, at, new Date(at.getTime() + this.lifetimeMs));
    const session: SessionRow = {
      key_id: key.id,
      person_id: person.id,
      method: asked.method,
      address: subnetOf(asked.ip),
      agent: asked.agent.slice(0, MOST_AGENT),
      started_at: at,
      seen_at: at,
      expires_at: key.expiresAt ?? at,
      only_enrols: asked.onlyEnrols ?? false,
    };
    await this.database.transaction(async (manager) => {
      await this.rows.insert(manager, key, session);
      await this.audit.record(manager, {
        by: key,
        action: 'session.started',
        subject: `person/${person.id}`,
        reason: asked.method,
        change: { session: key.id, address: session.address, agent: session.agent },
      });
      const open = await this.rows.idsOf(manager, person.id, at);
      for (const id of open.slice(MOST_SESSIONS)) await this.endIn(manager, key, id, 'too many sessions');
    });
    return { token, key };
  }

  /** @returns the session of a token, with what is wrong with it */
  async find(
    token: string,
  ): Promise<{ key: ApiKeyRow; onlyEnrols: boolean; fault: string | undefined } | undefined> {
    const found = await this.rows.find(hashOfSession(token));
    if (!found) return undefined;
    const fault = this.faultOf(found.session);
    if (fault === undefined) await this.note(found.session.key_id);
    return { key: found.key, onlyEnrols: found.session.only_enrols, fault };
  }

  /** The same, without counting as use by the person. */
  async isOpen(token: string): Promise<boolean> {
    const found = await this.rows.find(hashOfSession(token));
    return found !== undefined && this.faultOf(found.session) === undefined;
  }

  page(person: string, after: MomentKey | undefined, limit: number): Promise<SessionRow[]> {
    const now = this.clock();
    const idleSince = new Date(now.getTime() - this.idleMs);
    return this.rows.open(person, { now, idleSince }, after, limit);
  }

  /** @returns false if the person has no such session */
  async end(by: ApiKeyRow, id: string, reason: string): Promise<boolean> {
    return this.database.transaction(async (manager) => {
      const open = await this.rows.idsOf(manager, by.personId, this.clock());
      return open.includes(id) && this.endIn(manager, by, id, reason);
    });
  }

  /** Ends all sessions of the caller but the one of this request. */
  async endOthers(by: ApiKeyRow, reason: string): Promise<void> {
    await this.database.transaction((manager) =>
      this.endAll(manager, by, by.personId, { reason, except: by.id }),
    );
  }

  /** Ends all sessions of a person. @param except this one */
  async endAll(
    manager: EntityManager,
    by: ApiKeyRow,
    person: string,
    { reason, except }: { reason: string; except?: string },
  ): Promise<void> {
    for (const id of await this.rows.idsOf(manager, person, this.clock()))
      if (id !== except) await this.endIn(manager, by, id, reason);
  }

  get lifetimeMs(): number {
    return this.settings.SESSION_HOURS * HOUR_MS;
  }

  get idleMs(): number {
    return this.settings.SESSION_IDLE_MINUTES * MINUTE_MS;
  }

  /** Keys that were issued in the session stay valid. */
  private async endIn(manager: EntityManager, by: ApiKeyRow, id: string, reason: string): Promise<boolean> {
    if (!(await this.keys.revoke(manager, id, { by: by.id, reason }))) return false;
    await this.audit.record(manager, {
      by,
      action: 'session.ended',
      subject: `key/${id}`,
      reason,
      change: { session: id },
    });
    return true;
  }

  private faultOf({ seen_at: seenAt, expires_at: expiresAt }: SessionRow): string | undefined {
    const now = this.clock().getTime();
    if (expiresAt.getTime() <= now) return 'this session has expired: sign in again';
    if (seenAt.getTime() + this.idleMs <= now)
      return `there was no request for ${this.settings.SESSION_IDLE_MINUTES} minutes: sign in again`;
    return undefined;
  }

  private async note(id: string): Promise<void> {
    const now = this.clock();
    if (now.getTime() - (this.written.get(id) ?? 0) < MINUTE_MS) return;
    await this.rows.seen(id, now);
    this.written.set(id, now.getTime());
  }
}

function keyOf(
  person: PersonRow,
  { role, method, createdBy }: NewSession,
  token: string,
  createdAt: Date,
  expiresAt: Date,
): ApiKeyRow {
  return {
    id: randomUUID(),
    name: person.name,
    role,
    network: person.network,
    hash: hashOfSession(token),
    prefix: 'session',
    createdBy,
    approvedBy: null,
    createdAt,
    personId: person.id,
    expiresAt,
    lastUsedAt: null,
    reason: `sign-in by ${method}`,
    expiryRecordedAt: null,
    revokedAt: null,
    revokedBy: null,
    revokedReason: null,
  };
}
