/** Verified links between telephone numbers and addresses. Both ends get a code, so that only a person with both can make a link. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import {
  addressOf,
  canonicalAddress,
  MOST_LINKS,
  nativeOfNumber,
  networkOf,
  takesPart,
  type Address,
  type E164,
} from '#protocol';
import { AuditService } from '../audit/audit.service.js';
import { DirectoryService } from '../numbers/directory.service.js';
import { hashOf, isCode, newCode } from './codes.js';
import { NoticeSender } from './notice-sender.js';
import {
  addressOfChallenge,
  confirmChallenge,
  countChallenges,
  deleteLink,
  homeOfNumber,
  insertChallenge,
  linksOf,
  mostLinks,
  setFindable,
  storeLink,
  tryChallenge,
  type ChallengeColumns,
  type LinkColumns,
  type NewLink,
} from './links.repository.js';

const VALID_MS = 10 * 60_000;
/** Maximum number of codes per hour for a number, an address and a caller: against floods of codes and guessing in many challenges. */
const PER_HOUR = { endpoint: 5, caller: 600 };

@Injectable()
export class LinksService {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AuditService,
    private readonly directory: DirectoryService,
    private readonly notices: NoticeSender,
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
      await insertChallenge(manager, { id, link, hashes, by: caller.id, expiresAt });
      await this.note(manager, caller, 'started', { number, address, findable: link.findable });
    });
    await this.notices.tell(home, wordsFor(toNumber, address), `${id}:number`, expiresAt);
    await this.notices.tell(address, wordsFor(toAddress, number), `${id}:address`, expiresAt);
    return { id, expiresAt };
  }

  /** Confirms a link. The error does not say which code is wrong. @throws ApiProblem gone, invalid */
  async confirm(by: ApiKeyRow, id: string, codes: { number: string; address: string }): Promise<LinkColumns> {
    const challenge = await tryChallenge(this.database, id);
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
    const address = await addressOfChallenge(this.database, id);
    if (!address || (role === 'operator' && networkOf(address) !== network))
      throw new ApiProblem('not-found', 'no such challenge');
  }

  of(address: Address): Promise<LinkColumns[]> {
    return linksOf(this.database, address);
  }

  /** The caller tells the directory after its transaction. @throws ApiProblem not-found */
  async setFindable(
    manager: EntityManager,
    by: ApiKeyRow,
    number: E164,
    address: Address,
    findable: boolean,
  ): Promise<LinkColumns> {
    const row = await setFindable(manager, { number, address, findable });
    if (!row) throw new ApiProblem('not-found', 'no such link');
    await this.note(manager, by, 'changed', { number, address, findable });
    return row;
  }

  /** The caller tells the directory after its transaction. @throws ApiProblem not-found */
  async remove(manager: EntityManager, by: ApiKeyRow, number: E164, address: Address): Promise<void> {
    if (!(await deleteLink(manager, number, address))) throw new ApiProblem('not-found', 'no such link');
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
    const home = await homeOfNumber(this.database, number);
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
    const counted = await countChallenges(manager, { number, address }, id);
    if (counted.ends >= PER_HOUR.endpoint || counted.caller >= PER_HOUR.caller)
      throw new ApiProblem('too-many-requests', 'the maximum number of codes within an hour was sent', {
        headers: { 'retry-after': '3600' },
      });
  }
}

/** Confirms the challenge and stores its link. @throws ApiProblem conflict when there are too many links */
async function linked(manager: EntityManager, id: string, challenge: ChallengeColumns): Promise<LinkColumns> {
  const { number, address } = challenge;
  await confirmChallenge(manager, id, number);
  // The directory answers with all links of a number at once, and a subscriber's links are shown on one page.
  if ((await mostLinks(manager, number, address)) >= MOST_LINKS)
    throw new ApiProblem('conflict', `number: ${MOST_LINKS} links of it or of the address exist; remove one`);
  return storeLink(manager, challenge);
}

function wordsFor(code: string, other: string): { en: string; zh: string } {
  const shown = other.startsWith('+') ? other : networkOf(other as Address);
  return {
    en: `${code} is your code to link this account with ${shown}. If you did not ask for it, tell it to nobody.`,
    zh: `${code} 是您将此账号与 ${shown} 关联的验证码。如非本人操作，请勿告知他人。`,
  };
}
