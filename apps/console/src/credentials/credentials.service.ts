/**
 * Bus credentials of networks: issued to their operators, renewed by their adapters, listed, revoked. The private key of an issued
 * credential is shown once. A renewal uses a key pair of the adapter, whose private key the hub never has.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { credentialsExpiry } from '#bus';
import { NetworkRow, type ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import {
  HubError,
  isReserved,
  network as networkSlug,
  type Network,
  type RenewAnswer,
  type RenewRequest,
} from '#protocol';
import { AnnouncementsRepository } from '../announcements/announcements.repository.js';
import { AuditService } from '../audit/audit.service.js';
import { ConsoleBus } from '../core/console-bus.js';
import { keyAfter, pageOf, type Page, type PageQuery } from '../http/page.js';
import { AccountPublisher, CONNECTED_STATES } from './account-publisher.js';
import { CredentialPageKey, type BusCredential, type IssuedCredential } from './credential.dto.js';
import { CredentialsRepository, type CredentialColumns } from './credentials.repository.js';

/** Maximum number of valid credentials of a network, so that one can replace the other without interruption. */
const MOST_VALID = 2;

@Injectable()
export class CredentialsService {
  constructor(
    private readonly database: DataSource,
    private readonly bus: ConsoleBus,
    private readonly audit: AuditService,
    private readonly credentials: CredentialsRepository,
    private readonly announcements: AnnouncementsRepository,
    private readonly accounts: AccountPublisher,
  ) {}

  /** @throws ApiProblem conflict if the network is not approved or has left, or has two valid credentials */
  async issue(by: ApiKeyRow, network: Network): Promise<IssuedCredential> {
    const expiresAt = credentialsExpiry();
    const issued = await this.database.transaction(async (manager) => {
      await this.credentials.lock(manager, network);
      const row = await manager.findOneBy(NetworkRow, { slug: network });
      if (!row) throw new ApiProblem('not-found', `no network ${network}`);
      if (isReserved(network)) throw new ApiProblem('forbidden', `${network} is the hub's own`);
      if (!CONNECTED_STATES.includes(row.status))
        throw new ApiProblem(
          'conflict',
          `${network} is ${row.status}: credentials are issued from approval on`,
        );
      if ((await this.credentials.countIssued(manager, network)) >= MOST_VALID)
        throw new ApiProblem('conflict', `${network} has ${MOST_VALID} valid credentials: revoke one first`);
      const made = await this.bus.authority.networkCredentials(network, expiresAt);
      const stored = await this.credentials.insert(manager, {
        publicKey: made.publicKey,
        network,
        expiresAt,
        issuedBy: `${by.role} ${by.name}`,
        renews: null,
      });
      await this.audit.record(manager, {
        by,
        action: 'credentials.issued',
        subject: `network/${network}`,
        reason: 'asked for',
        change: { publicKey: made.publicKey, expiresAt },
      });
      await this.announce(
        manager,
        network,
        made.publicKey,
        `issued to ${by.name}, until ${expiresAt.toISOString()}`,
      );
      return { ...credentialView(stored), credentials: made.credentials };
    });
    await this.accounts.publish(network);
    return issued;
  }

  /** Request of an adapter over the bus. @throws HubError 14, 30, 36, 94 */
  async renew(network: Network, { current, next }: RenewRequest): Promise<RenewAnswer> {
    const expiresAt = credentialsExpiry();
    const claims = await this.database.transaction(async (manager) => {
      await this.credentials.lock(manager, network);
      const known = await this.credentials.find(manager, network, current);
      if (!known) throw new HubError('14', 'current: not a credential of this network');
      if (known.revoked_at || known.expires_at < new Date())
        throw new HubError('36', 'current: revoked or expired');
      if (await this.credentials.isRenewed(manager, current))
        throw new HubError('94', 'current: renewed before; read the credentials file again');
      const signed = await this.bus.authority.renewedCredentials(network, next, expiresAt);
      await this.credentials.insert(manager, {
        publicKey: next,
        network,
        expiresAt,
        issuedBy: 'renewal',
        renews: current,
      });
      await this.audit.record(manager, {
        by: 'hub',
        action: 'credentials.renewed',
        subject: `network/${network}`,
        reason: 'asked for by the adapter before the end',
        change: { current, next, expiresAt },
      });
      return signed;
    });
    return { code: '00', jwt: claims, expiresAt: expiresAt.toISOString() };
  }

  /** Also closes connections that use the credential, or one that was renewed from it. */
  async revoke(by: ApiKeyRow, network: Network, publicKey: string, reason: string): Promise<BusCredential> {
    const revoked = await this.database.transaction(async (manager) => {
      await this.credentials.lock(manager, network);
      if (!(await this.credentials.find(manager, network, publicKey)))
        throw new ApiProblem('not-found', `no credential ${publicKey}`);
      const count = await this.credentials.revoke(manager, publicKey, `${by.role} ${by.name}`, reason);
      if (count > 0) {
        await this.audit.record(manager, {
          by,
          action: 'credentials.revoked',
          subject: `network/${network}`,
          reason,
          change: { publicKey, count },
        });
        await this.announce(manager, network, publicKey, `revoked by ${by.role} ${by.name}: ${reason}`);
      }
      const row = await this.credentials.find(manager, network, publicKey);
      if (!row) throw new ApiProblem('not-found', `no credential ${publicKey}`);
      return credentialView(row);
    });
    await this.accounts.publish(network);
    return revoked;
  }

  async list(network: Network, { cursor, limit }: PageQuery): Promise<Page<BusCredential>> {
    const rows = await this.credentials.list(network, keyAfter(cursor, CredentialPageKey), limit + 1);
    return pageOf(rows, limit, (row) => [row.issued_at.toISOString(), row.public_key], credentialView);
  }

  private async announce(
    manager: Parameters<AnnouncementsRepository['announce']>[0],
    network: Network,
    publicKey: string,
    what: string,
  ): Promise<void> {
    await this.announcements.announce(manager, {
      network,
      kind: 'credentials',
      subject: `network/${network}`,
      words: `Bus credential ${publicKey} was ${what}. If you do not expect this, revoke it: DELETE /v1/networks/${network}/credentials/${publicKey}`,
    });
  }
}

function credentialView(row: CredentialColumns): BusCredential {
  return {
    publicKey: row.public_key,
    network: networkSlug(row.network),
    issuedAt: row.issued_at.toISOString(),
    issuedBy: row.issued_by,
    renews: row.renews,
    expiresAt: row.expires_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    revokedFor: row.revoked_for,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    lastAddress: row.last_address,
  };
}
