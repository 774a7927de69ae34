/**
 * One person: from an address or a number, along verified links, to all numbers and addresses. An operator sees the addresses of the
 * own network only, and of a number that leads to another network nothing but that it is linked with an own subscriber.
 */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { digitsOf, networkOf, numberOf, type Address, type E164, type Network } from '#protocol';
import { AuditService } from '../audit/audit.service.js';
import { BoundedReads } from '../core/bounded-read.repository.js';
import { CLOCK, type Clock } from '../core/clock.js';
import type { LinkColumns } from './links.repository.js';
import { addressByPrefix, numbersLike, ownerOf, type Owner } from './number-owner.js';
import { MOST_BLOCKS, MOST_FOLLOWED, type SubscriberPerson } from './subscriber-persons.dto.js';
import {
  blocksOf,
  consentsOf,
  linksAround,
  networksNamed,
  numbersPortedTo,
  routesOfNumbers,
  usableLinks,
} from './subscriber-persons.repository.js';

/** Ported numbers of one address that are followed. */
const MOST_PORTED = 20;

interface Start {
  address: Address | undefined;
  numbers: E164[];
}

interface Found {
  owners: Map<E164, Owner | undefined>;
  links: LinkColumns[];
  addresses: Address[];
  more: boolean;
}

@Injectable()
export class SubscriberPersonsService {
  constructor(
    private readonly database: DataSource,
    private readonly reads: BoundedReads,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Writes an audit entry, because the answer shows which accounts belong to one person. @throws ApiProblem not-found */
  async find(by: ApiKeyRow, of: E164 | Address): Promise<SubscriberPerson> {
    const within = by.role === 'operator' ? (by.network as Network) : null;
    const person = await this.reads.read((manager) => this.read(manager, of, within));
    await this.database.transaction((manager) =>
      this.audit.record(manager, {
        by,
        action: 'subscriber.viewed',
        subject: `subscriber/${of}`,
        reason: 'looked up',
        change: { numbers: person.numbers.length, addresses: person.addresses.length },
        networks: isNumber(of) || numberOf(of) !== undefined ? [] : [networkOf(of)],
      }),
    );
    return person;
  }

  private async read(
    manager: EntityManager,
    of: E164 | Address,
    within: Network | null,
  ): Promise<SubscriberPerson> {
    const start = await startFrom(manager, of);
    const found = await this.follow(manager, start, within);
    if (within !== null && start.address === undefined && found.addresses.length === 0)
      throw new ApiProblem('not-found', `no subscriber with the number ${start.numbers[0] ?? of}`);
    const consents = await consentsOf(manager, found.addresses);
    const blocks = await blocksOf(manager, found.addresses, within, MOST_BLOCKS);
    return {
      numbers: [...found.owners].map(([number, owner]) => numberView(number, owner, found.links)),
      addresses: found.addresses.map((address) => ({
        address,
        network: networkOf(address),
        consent: consentView(consents.find((one) => one.address === address)),
        blocks: blocks
          .filter((block) => block.address === address)
          .map(({ id, network, reason, created_at: at }) => ({
            id,
            network,
            reason,
            createdAt: at.toISOString(),
          })),
      })),
      more: found.more,
    };
  }

  private async follow(
    manager: EntityManager,
    { address, numbers: given }: Start,
    within: Network | null,
  ): Promise<Found> {
    const start = { address, numbers: given.map(digitsOf) };
    const rows = await linksAround(manager, start, within, MOST_FOLLOWED + 1);
    const links = rows.slice(0, MOST_FOLLOWED);
    const numbers = unique([...given, ...links.map(({ number }) => `+${number}` as E164)]);
    const owners = new Map<E164, Owner | undefined>();
    const facts = await factsOf(manager, numbers);
    for (const number of numbers) {
      const owner = ownerOf(
        number,
        { ...facts, links: facts.usable.get(digitsOf(number)) ?? [] },
        this.now(),
      );
      owners.set(number, within === null || owner?.network === within ? owner : undefined);
    }
    const led = numbers
      .flatMap((number) => [owners.get(number)?.address, addressByPrefix(number, facts)])
      .filter((one) => typeof one === 'string')
      .filter((one) => within === null || networkOf(one) === within);
    const known = address === undefined ? [] : [address];
    return {
      owners,
      links,
      addresses: unique([...known, ...links.map((link) => link.address), ...led]),
      more: rows.length > MOST_FOLLOWED,
    };
  }
}

/** The numbers with which the search begins: the one asked for; of an address, the number that it is, and those ported to it. */
async function startFrom(manager: EntityManager, of: E164 | Address): Promise<Start> {
  if (isNumber(of)) return { address: undefined, numbers: [of] };
  const number = numberOf(of);
  if (number !== undefined) return { address: undefined, numbers: [number] };
  const networks = await networksNamed(manager, [networkOf(of)]);
  const like = numbersLike(of, networks[0]);
  const facts = {
    routes: await routesOfNumbers(manager, like.map(digitsOf)),
    networks: new Map(networks.map((one) => [one.slug, one])),
  };
  const ported = await numbersPortedTo(manager, of, MOST_PORTED);
  return {
    address: of,
    numbers: unique([
      ...like.filter((one) => addressByPrefix(one, facts) === of),
      ...ported.map(({ key }) => `+${key}` as E164),
    ]),
  };
}

async function factsOf(manager: EntityManager, numbers: E164[]) {
  const digits = numbers.map(digitsOf);
  const routes = await routesOfNumbers(manager, digits);
  const usable = Map.groupBy(await usableLinks(manager, digits), ({ number }) => number);
  const slugs = unique([
    ...routes.map(({ network }) => network),
    ...[...usable.values()].flat().map(({ address }) => networkOf(address)),
  ]);
  const networks = new Map((await networksNamed(manager, slugs)).map((one) => [one.slug, one]));
  return { routes, usable, networks };
}

function numberView(
  number: E164,
  owner: Owner | undefined,
  links: LinkColumns[],
): SubscriberPerson['numbers'][number] {
  return {
    number,
    reason: owner?.reason ?? null,
    network: owner?.network ?? null,
    address: owner?.address ?? null,
    prefix: owner?.prefix ?? null,
    since: owner?.since.toISOString() ?? null,
    links: links
      .filter((link) => link.number === digitsOf(number))
      .map(({ address, preferred, findable, since }) => ({
        address,
        preferred,
        findable,
        since: since.toISOString(),
      })),
  };
}

function consentView(
  consent: Awaited<ReturnType<typeof consentsOf>>[number] | undefined,
): SubscriberPerson['addresses'][number]['consent'] {
  if (!consent) return { reach: 'all', contacts: 0, blocked: 0, changedAt: null };
  const { reach, contacts, blocked, changed_at: at } = consent;
  return { reach, contacts, blocked, changedAt: at.toISOString() };
}

function isNumber(of: E164 | Address): of is E164 {
  return of.startsWith('+');
}

function unique<Item>(items: readonly Item[]): Item[] {
  return [...new Set(items)];
}
