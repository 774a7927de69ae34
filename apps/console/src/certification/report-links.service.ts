/** Links with which anybody can open the report of one certification, without a key, until they expire or are revoked. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import type { Network } from '#protocol';
import { sha256Of } from '../access/api-keys.service.js';
import { AuditService } from '../audit/audit.service.js';
import { CLOCK, type Clock } from '../core/clock.js';
import type { MomentKey } from '../http/page.js';
import type { CertificationRow } from './certifications.repository.js';
import { CertificationsService } from './certifications.service.js';
import { ReportLinksRepository, type ReportLinkRow } from './report-links.repository.js';

/** Links of one certification that can be used at a time. */
const MOST_LINKS = 20;
const TOKEN_BYTES = 32;
const DAY_MS = 24 * 3600_000;

@Injectable()
export class ReportLinksService {
  constructor(
    private readonly links: ReportLinksRepository,
    private readonly certifications: CertificationsService,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async share(
    by: ApiKeyRow,
    network: Network,
    certification: string,
    days: number,
  ): Promise<{ row: ReportLinkRow; token: string }> {
    await this.certifications.find(network, certification);
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const at = this.clock();
    const link = {
      id: randomUUID(),
      certification,
      by: `${by.role} ${by.id} ${by.name}`,
      at,
      expires_at: new Date(at.getTime() + days * DAY_MS),
      token_hash: sha256Of(token),
    };
    const change = {
      by,
      action: 'certification.shared',
      subject: `network/${network}`,
      reason: `certification ${certification}`,
      change: { link: link.id, expiresAt: link.expires_at },
    };
    const row = await this.audit.changing(change, async (manager) => {
      const made = await this.links.insert(manager, link, MOST_LINKS);
      if (!made)
        throw new ApiProblem(
          'conflict',
          `certification ${certification} has ${MOST_LINKS} links: revoke one that is not needed`,
        );
      return made;
    });
    return { row, token };
  }

  async page(
    network: Network,
    certification: string,
    after: MomentKey | undefined,
    limit: number,
  ): Promise<ReportLinkRow[]> {
    await this.certifications.find(network, certification);
    return this.links.page(certification, after, limit);
  }

  async revoke(by: ApiKeyRow, network: Network, certification: string, id: string): Promise<void> {
    await this.certifications.find(network, certification);
    const change = {
      by,
      action: 'certification.link-revoked',
      subject: `network/${network}`,
      reason: `certification ${certification}`,
      change: { link: id },
    };
    await this.audit.changing(change, async (manager) => {
      if (!(await this.links.revoke(manager, certification, id, this.clock())))
        throw new ApiProblem('not-found', `no link ${id} that can be used`);
    });
  }

  /** @throws ApiProblem not-found: unknown, expired and revoked tokens have the same answer */
  async open(token: string): Promise<CertificationRow> {
    const found = await this.links.open(sha256Of(token), this.clock());
    if (!found)
      throw new ApiProblem(
        'not-found',
        'this link is unknown, has expired or was revoked: ask the operator of the network for a new one',
      );
    return found;
  }
}
