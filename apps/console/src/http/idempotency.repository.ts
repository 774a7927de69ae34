/** Requests that carried an Idempotency-Key, and how they were answered. */
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { createLog, guarded } from '#service';

export interface Claim {
  /** The API key: those of different callers never meet. */
  caller: string;
  key: string;
  /** Method and path, with the query. */
  request: string;
  bodyHash: string;
  at: Date;
}

export interface Answered {
  status: number;
  /** As JSON; null without a body. */
  response: string | null;
  headers: Record<string, string>;
  secret: boolean;
}

export interface Kept {
  request: string;
  bodyHash: string;
  /** null while it is being worked on */
  status: number | null;
  response: string | null;
  headers: Record<string, string> | null;
  secret: boolean;
}

export const KEPT_MS = 24 * 3600_000;
/** A request takes no longer, not even the close of a day. One that has neither answer nor error by then went down with its console, and may be sent again. */
export const IN_PROGRESS_MS = 15 * 60_000;

const FORGET_EVERY_MS = 10 * 60_000;

@Injectable()
export class IdempotencyRepository implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(DataSource) private readonly database: DataSource) {}

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

  /** @returns what is there already, or undefined when the claim is ours */
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
    // Gone in between: the first one failed just now. To ask again is right, as while it was in progress.
    return kept ?? { request, bodyHash, status: null, response: null, headers: null, secret: false };
  }

  async keep(claim: Claim, { status, response, headers, secret }: Answered): Promise<void> {
    await this.database.query(
      `UPDATE idempotency SET status = $4, response = $5, headers = $6, secret = $7
       WHERE caller = $1 AND key = $2 AND at = $3 AND status IS NULL`,
      [claim.caller, claim.key, claim.at, status, response, JSON.stringify(headers), secret],
    );
  }

  /** It failed: the key is free again. */
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
