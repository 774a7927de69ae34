/** Table of the links to reports. The token of a link is stored as a hash only. */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { MomentKey } from '../http/page.js';
import type { CertificationRow } from './certifications.repository.js';

export interface ReportLinkRow {
  id: string;
  certification: string;
  by: string;
  at: Date;
  expires_at: Date;
  revoked_at: Date | null;
  /** How often the page was opened, and when last. */
  opened: number;
  opened_at: Date | null;
}

const COLUMNS = 'id, certification, by, at, expires_at, revoked_at, opened, opened_at';

@Injectable()
export class ReportLinksRepository {
  constructor(private readonly database: DataSource) {}

  /** @param most of the certification that can be used at a time @returns undefined if there are as many */
  async insert(
    manager: EntityManager,
    link: Pick<ReportLinkRow, 'id' | 'certification' | 'by' | 'at' | 'expires_at'> & { token_hash: string },
    most: number,
  ): Promise<ReportLinkRow | undefined> {
    // Two requests at the same time wait for one another here.
    await manager.query('SELECT 1 FROM certification WHERE id = $1 FOR UPDATE', [link.certification]);
    const [row] = await manager.query<ReportLinkRow[]>(
      `INSERT INTO report_link (id, certification, by, at, expires_at, token_hash)
       SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM report_link
         WHERE certification = $2 AND revoked_at IS NULL AND expires_at > $4) < $7
       RETURNING ${COLUMNS}`,
      [link.id, link.certification, link.by, link.at, link.expires_at, link.token_hash, most],
    );
    return row;
  }

  /** Newest first. */
  page(certification: string, after: MomentKey | undefined, limit: number): Promise<ReportLinkRow[]> {
    return this.database.query<ReportLinkRow[]>(
      `SELECT ${COLUMNS} FROM report_link WHERE certification = $1
         AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', at), id) < ($2, $3::uuid))
       ORDER BY date_trunc('milliseconds', at) DESC, id DESC LIMIT $4`,
      [certification, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
  }

  /** @returns false if the certification has no such link, or it is revoked already */
  async revoke(manager: EntityManager, certification: string, id: string, now: Date): Promise<boolean> {
    const [, count] = await manager.query<[unknown, number]>(
      'UPDATE report_link SET revoked_at = $3 WHERE certification = $1 AND id = $2 AND revoked_at IS NULL',
      [certification, id, now],
    );
    return count > 0;
  }

  /** Counts the visit. @returns the certification; undefined: no valid link has this token */
  async open(tokenHash: string, now: Date): Promise<CertificationRow | undefined> {
    const [[row]] = await this.database.query<[CertificationRow[], number]>(
      `UPDATE report_link SET opened = opened + 1, opened_at = $2 FROM certification c
       WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $2 AND c.id = certification
       RETURNING c.*`,
      [tokenHash, now],
    );
    return row;
  }
}
