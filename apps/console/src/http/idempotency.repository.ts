/** Table of requests with an Idempotency-Key, and of their answers. */
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { createLog, guarded } from '#service';

export interface Claim {
  /** API key of the caller: keys of different callers are separate. */
  caller: string;
  key: string;
  /** Method, path and query. */
  request: string;
  bodyHash: string;
  at: Date;
}

export interface Answered {
  status: number;
  /** Body as JSON; null without a body. */
  response: string | null;
  headers: Record<string, string>;
  secret: boolean;
}

export interface Kept {
  request: string;
  bodyHash: string;
  /** null while the request is in progress */
  status: number | null;
  response: string | null;
  headers: Record<string, string> | null;
  secret: boolean;
}

export const KEPT_MS = 24 * 3600_000;
/**
 * Longer than any request takes, also the close of a business day. A request without an answer after this time was interrupted by a
 * crash of its console and may be sent again.
 */
export const IN_PROGRESS_MS = 15 * 60_000;

const FORGET_EVERY_MS = 10 * 60_000;

@Injectable()
export class IdempotencyRepository implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly database: DataSource) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(
      guarded('old answers forgotten', createLog('console', 'warn'), () => this.forgetOld(new Date())),
      FORGET_EVERY_MS,
    );
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** @returns the earlier request with this key, or undefined if there was none and the claim is stored */
  async claim({ caller, key, request, bodyHash, at }: Claim): Promise<Kept | undefined> {
    const ours = await this.database.query<object[]>(
      `INSERT INTO idempotency AS i (caller, key, request, body_hash, at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (caller, key) DO UPDATE
         SET request = excluded.request, body_hash = excluded.body_hash, at = excluded.at,
             status = NULL, response = NULL, headers = NULL, secret = false
         WHERE i.at < $6 OR (i.status IS NULL AND i.at < $7 AND i.request = excluded.request AND i.body_hash = excluded.body_hash)
       RETURNING caller`,
      [caller, key, request, bodyHash, at, ago(at, KEPT_MS), ago(at, IN_PROGRESS_MS)],
    );
    if (ours.length > 0) return undefined;
    const [kept] = await this.database.query<Kept[]>(
      `SELECT request, body_hash AS "bodyHash", status, response, headers, secret FROM idempotency WHERE caller = $1 AND key = $2`,
      [caller, key],
    );
    // Deleted between the two queries: the first request has just failed. Answer "in progress"; the client retries.
    return kept ?? { request, bodyHash, status: null, response: null, headers: null, secret: false };
  }

  async keep(claim: Claim, { status, response, headers, secret }: Answered): Promise<void> {
    await this.database.query(
      `UPDATE idempotency SET status = $4, response = $5, headers = $6, secret = $7
       WHERE caller = $1 AND key = $2 AND at = $3 AND status IS NULL`,
      [claim.caller, claim.key, claim.at, status, response, JSON.stringify(headers), secret],
    );
  }

  /** Deletes the claim of a failed request, so that the key can be used again. */
  async release({ caller, key, at }: Claim): Promise<void> {
    await this.database.query(
      'DELETE FROM idempotency WHERE caller = $1 AND key = $2 AND at = $3 AND status IS NULL',
      [caller, key, at],
    );
  }

  async forgetOld(now: Date): Promise<void> {
    await this.database.query('DELETE FROM idempotency WHERE at < $1', [ago(now, KEPT_MS)]);
  }
}

function ago(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms);
}
