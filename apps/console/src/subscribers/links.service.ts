/** Verified links between telephone numbers and addresses. Both ends get a code, so that only a person with both can make a link. */
import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { LOCKS, type ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import {
  addressOf,
  canonicalAddress,
  digitsOf,
  MOST_LINKS,
  nativeOfNumber,
  networkOf,
  takesPart,
  type Address,
  type Capabilities,
  type E164,
  type MemberState,
  type Network,
} from '#protocol';
import { AuditService } from '../audit/audit.service.js';
import { DirectoryService } from '../numbers/directory.service.js';
import { hashOf, isCode, newCode } from './codes.js';
import { NoticeSender } from './notice-sender.js';

export interface NewLink {
  number: E164;
  address: Address;
  preferred: boolean;
  findable: boolean;
}

export interface LinkColumns {
  number: string;
  address: Address;
  preferred: boolean;
  findable: boolean;
  since: Date;
}

interface ChallengeColumns extends Omit<LinkColumns, 'since'> {
  number_code: string;
  address_code: string;
}

interface Home {
  network: Network;
  address: Address | null;
  status: MemberState;
  leaves_at: Date | null;
  capabilities: Capabilities | null;
}

const VALID_MS = 10 * 60_000;
const ATTEMPTS = 5;
/** Maximum number of codes per hour for a number, an address and a caller: against floods of codes and guessing in many challenges. */
const PER_HOUR = { endpoint: 5, caller: 600 };
const KEPT_DAYS = 7;

/** Network that receives messages to the number: ported, by prefix, or by SMS. Longest prefix first. */
const HOME = `
  SELECT r.network, r.address, n.status, n.leaves_at, n.capabilities FROM route r JOIN network n ON n.slug = r.network
  WHERE (r.kind = 'exact' AND r.key = $1) OR (r.kind IN ('prefix', 'sms') AND r.key = ANY($2))
  ORDER BY array_position(ARRAY['exact', 'prefix', 'sms'], r.kind), length(r.key) DESC LIMIT 1`;

@Injectable()
export class LinksService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(DirectoryService) private readonly directory: DirectoryService,
    @Inject(NoticeSender) private readonly notices: NoticeSender,
  ) {}

  async start(link: NewLink, caller: ApiKeyRow): Promise<{ id: string; expiresAt: Date }> {
    const { number, address } = link;
    const home = await this.homeOf(number);
    const id = randomUUID();
    const expiresAt = new Date(Date.now() + VALID_MS);
    const [toNumber, toAddress] = [newCode(), newCode()];
    const hashes = await Promise.all([hashOf(toNumber, id), hashOf(toAddress, id)]);
    await this.database.transaction(async (manager) => {
      await this.expectFewer(manager, link, caller);
      await manager.query(
        `INSERT INTO link_challenge (id, number, address, preferred, findable, number_code, address_code, started_by, started_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now(), $9)`,
        [id, digitsOf(number), address, link.preferred, link.findable, ...hashes, caller.id, expiresAt],
      );
      await this.note(manager, caller, 'started', { number, address, findable: link.findable });
    });
    await this.notices.tell(home, wordsFor(toNumber, address), `${id}:number`, expiresAt);
    await this.notices.tell(address, wordsFor(toAddress, number), `${id}:address`, expiresAt);
    return { id, expiresAt };
  }

  /** Confirms a link. The error does not say which code is wrong. @throws ApiProblem gone, invalid */
  async confirm(by: ApiKeyRow, id: string, codes: { number: string; address: string }): Promise<LinkColumns> {
    const [[challenge]] = await this.database.query<[ChallengeColumns[], number]>(
      `UPDATE link_challenge SET attempts = attempts + 1
       WHERE id = $1 AND attempts < $2 AND expires_at > now() AND confirmed_at IS NULL RETURNING *`,
      [id, ATTEMPTS],
    );
    if (!challenge)
      throw new ApiProblem(
        'gone',
        'the challenge was used, has expired or was tried too often: start a new link',
      );
    const right = await Promise.all([
      isCode(codes.number, id, challenge.number_code),
      isCode(codes.address, id, challenge.address_code),
    ]);
    if (right.includes(false)) throw new ApiProblem('invalid', 'at least one of the codes is wrong');
    const number = `+${challenge.number}` as E164;
    const row = await this.database.transaction(async (manager) => {
      const { address, findable } = challenge;
      await this.note(manager, by, 'confirmed', { number, address, findable });
      return linked(manager, id, challenge);
    });
    await this.directory.changed(number);
    return row;
  }

  /** @throws ApiProblem not-found, also for a challenge of another network */
  async mayConfirm({ role, network }: ApiKeyRow, id: string): Promise<void> {
    const [row] = await this.database.query<{ address: Address }[]>(
      'SELECT address FROM link_challenge WHERE id = $1',
      [id],
    );
    if (!row || (role === 'operator' && networkOf(row.address) !== network))
      throw new ApiProblem('not-found', 'no such challenge');
  }

  of(address: Address): Promise<LinkColumns[]> {
    return this.database.query('SELECT * FROM link WHERE address = $1 ORDER BY number', [address]);
  }

  /** The caller tells the directory after its transaction. @throws ApiProblem not-found */
  async setFindable(
    manager: EntityManager,
    by: ApiKeyRow,
    number: E164,
    address: Address,
    findable: boolean,
  ): Promise<LinkColumns> {
    const [[row]] = await manager.query<[LinkColumns[], number]>(
      'UPDATE link SET findable = $3 WHERE number = $1 AND address = $2 RETURNING *',
      [digitsOf(number), address, findable],
    );
    if (!row) throw new ApiProblem('not-found', 'no such link');
    await this.note(manager, by, 'changed', { number, address, findable });
    return row;
  }

  /** The caller tells the directory after its transaction. @throws ApiProblem not-found */
  async remove(manager: EntityManager, by: ApiKeyRow, number: E164, address: Address): Promise<void> {
    const [, gone] = await manager.query<[object[], number]>(
      'DELETE FROM link WHERE number = $1 AND address = $2',
      [digitsOf(number), address],
    );
    if (gone === 0) throw new ApiProblem('not-found', 'no such link');
    await this.note(manager, by, 'removed', { number, address });
  }

  private async note(
    manager: EntityManager,
    by: ApiKeyRow,
    verb: 'started' | 'confirmed' | 'changed' | 'removed',
    link: { number: E164; address: Address; findable?: boolean },
  ): Promise<void> {
    await this.audit.record(manager, {
      by,
      action: `link.${verb}`,
      subject: `link/${link.number}`,
      reason: verb === 'confirmed' ? 'both codes were given' : 'asked for',
      change: link,
      networks: [networkOf(link.address)],
    });
  }

  private async homeOf(number: E164): Promise<Address> {
    const digits = digitsOf(number);
    const prefixes = Array.from(digits, (_, at) => digits.slice(0, at + 1));
    const [home] = await this.database.query<Home[]>(HOME, [digits, prefixes]);
    if (!home) throw new ApiProblem('no-network-for-number', 'no code can be sent to this number');
    const { network, status, leaves_at, capabilities } = home;
    const leavesAt = leaves_at?.toISOString();
    if (!takesPart({ network, name: network, status, ...(leavesAt ? { leavesAt } : {}) }, new Date()))
      throw new ApiProblem('unavailable', 'the network of this number takes no part at present');
    return (
      home.address ??
      canonicalAddress(
        addressOf(network, nativeOfNumber(number, capabilities ?? undefined)),
        capabilities ?? undefined,
      )
    );
  }

  private async expectFewer(
    manager: EntityManager,
    { number, address }: NewLink,
    { id }: ApiKeyRow,
  ): Promise<void> {
    // Locked, so that two concurrent requests do not refuse each other.
    await manager.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.challenges]);
    await manager.query(`DELETE FROM link_challenge WHERE started_at < now() - interval '${KEPT_DAYS} days'`);
    const [counted] = await manager.query<{ ends: string; caller: string }[]>(
      `SELECT count(*) FILTER (WHERE number = $1 OR address = $2) AS ends, count(*) FILTER (WHERE started_by = $3) AS caller
       FROM link_challenge WHERE started_at > now() - interval '1 hour'`,
      [digitsOf(number), address, id],
    );
    if (Number(counted?.ends) >= PER_HOUR.endpoint || Number(counted?.caller) >= PER_HOUR.caller)
      throw new ApiProblem('too-many-requests', 'the maximum number of codes within an hour was sent', {
        headers: { 'retry-after': '3600' },
      });
  }
}

/** The first link of a number is the preferred one; a later link becomes preferred only on request. */
async function linked(
  manager: EntityManager,
  id: string,
  { number, address, preferred, findable }: ChallengeColumns,
): Promise<LinkColumns> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [number]);
  await manager.query('UPDATE link_challenge SET confirmed_at = now() WHERE id = $1', [id]);
  await expectFewLinks(manager, number, address);
  const others = await manager.query<object[]>(
    'SELECT 1 FROM link WHERE number = $1 AND address <> $2 AND preferred',
    [number, address],
  );
  const isPreferred = preferred || others.length === 0;
  if (isPreferred) await manager.query('UPDATE link SET preferred = false WHERE number = $1', [number]);
  const [row] = await manager.query<LinkColumns[]>(
    `INSERT INTO link (number, address, preferred, findable, since) VALUES ($1, $2, $3, $4, now())
     ON CONFLICT (number, address) DO UPDATE SET preferred = excluded.preferred, findable = excluded.findable, since = excluded.since
     RETURNING *`,
    [number, address, isPreferred, findable],
  );
  return row as LinkColumns;
}

function wordsFor(code: string, other: string): { en: string; zh: string } {
  const shown = other.startsWith('+') ? other : networkOf(other as Address);
  return {
    en: `${code} is your code to link this account with ${shown}. If you did not ask for it, tell it to nobody.`,
    zh: `${code} 是您将此账号与 ${shown} 关联的验证码。如非本人操作，请勿告知他人。`,
  };
}

/** Maximum number of links of a number and of an address, because one answer contains all of them. */
async function expectFewLinks(manager: EntityManager, number: string, address: Address): Promise<void> {
  const [counted] = await manager.query<{ most: number }[]>(
    `SELECT greatest(count(*) FILTER (WHERE number = $1), count(*) FILTER (WHERE address = $2))::int AS most
     FROM link WHERE (number, address) <> ($1, $2) AND (number = $1 OR address = $2)`,
    [number, address],
  );
  if ((counted?.most ?? 0) >= MOST_LINKS)
    throw new ApiProblem('conflict', `number: ${MOST_LINKS} links of it or of the address exist; remove one`);
}
