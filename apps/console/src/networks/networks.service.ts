import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { And, DataSource, Equal, MoreThan, type EntityManager } from 'typeorm';
import { networkTopology, type BusSession, RETIRED_CONSUMERS } from '#bus';
import { capabilitiesHash } from '#certification';
import { ApiProblem } from '#http';
import {
  CERTIFY,
  isReserved,
  network as networkSlug,
  type Capabilities,
  type Network,
  StandIn,
} from '#protocol';
import { StoredAddresses } from '../addresses/stored-addresses.service.js';
import { afterSignOn } from '../certification/adapter-state.js';
import { AccountPublisher } from '../credentials/account-publisher.js';
import { ConsoleBus } from '../core/console-bus.js';
import { AuditService } from '../audit/audit.service.js';
import { expectVersion } from '../http/versions.js';
import { RegistryService } from '../registry/registry.service.js';
import { NetworkRow, type ApiKeyRow } from '#database';
import { operatorExists } from '../members/operators.repository.js';
import { addNetwork } from './networks.repository.js';

/** A network to register, as in `NewNetwork` of the API. */
export interface NewNetwork {
  network: Network;
  name: string;
  operator?: string | undefined;
  test: boolean;
  state: 'applied' | 'approved';
  reason: string;
}

export interface NetworkEdit {
  name: string;
  operator: string | null;
  test: boolean;
  reason: string;
}

@Injectable()
export class NetworksService implements OnApplicationBootstrap {
  constructor(
    private readonly database: DataSource,
    private readonly bus: ConsoleBus,
    private readonly registry: RegistryService,
    private readonly audit: AuditService,
    private readonly accounts: AccountPublisher,
    private readonly stored: StoredAddresses,
  ) {}

  /** Runs in every new session, because the bus can have lost data. */
  async onApplicationBootstrap(): Promise<void> {
    await this.bus.link.onSession(() => this.prepareAll());
  }

  private get rows() {
    return this.database.getRepository(NetworkRow);
  }

  /** Slugs only: this runs at every heartbeat, and capabilities are large. */
  async live(): Promise<Network[]> {
    const rows = await this.rows.find({
      select: { slug: true },
      where: { status: 'live' },
      order: { slug: 'ASC' },
    });
    return rows.map(({ slug }) => networkSlug(slug));
  }

  list(): Promise<NetworkRow[]> {
    return this.rows.find({ order: { slug: 'ASC' } });
  }

  /** @param own only this network */
  page(own: string | null, after: string, limit: number): Promise<NetworkRow[]> {
    const slug = own === null ? MoreThan(after) : And(Equal(own), MoreThan(after));
    return this.rows.find({ where: { slug }, order: { slug: 'ASC' }, take: limit });
  }

  async find(slug: string): Promise<NetworkRow> {
    const row = await this.rows.findOneBy({ slug });
    if (!row) throw new ApiProblem('not-found', `no network ${slug}`);
    return row;
  }

  /** Registers a network as approved. An admin enables it later. */
  async register(by: ApiKeyRow, asked: NewNetwork): Promise<NetworkRow> {
    const { network: slug, name, operator, test, state, reason } = asked;
    if (isReserved(slug)) throw new ApiProblem('conflict', `${slug} is a reserved name of the exchange`);
    if (await this.rows.existsBy({ slug })) throw new ApiProblem('conflict', `${slug} is registered already`);
    await this.prepare(slug);
    const row = this.rows.create({ ...BLANK(), slug, name, operator: operator ?? null, test, status: state });
    await this.audit.changing(
      { by, action: 'network.registered', subject: `network/${slug}`, reason, change: asked },
      async (manager) => {
        await checkOperator(manager, operator);
        await manager.getRepository(NetworkRow).insert(row);
        await this.registry.changed(manager, { member: slug });
      },
    );
    await this.registry.settled();
    await this.accounts.publish(slug);
    return row;
  }

  /** Registers the test network of the hub before the first certification, so that adapters know it like any other network. */
  async ensureCertifier(): Promise<void> {
    const certifier = {
      ...BLANK(),
      slug: CERTIFY,
      name: 'Certification',
      status: 'live' as const,
      adapter: 'certified' as const,
      test: true,
    };
    const made = await this.database.transaction(async (manager) => {
      if (!(await addNetwork(manager, certifier))) return false;
      await this.registry.changed(manager, { member: CERTIFY });
      return true;
    });
    if (!made) return;
    await this.prepare(CERTIFY);
    await this.registry.settled();
  }

  async edit(
    by: ApiKeyRow,
    slug: Network,
    ifMatch: string | undefined,
    { reason, ...edited }: NetworkEdit,
  ): Promise<NetworkRow> {
    const change = { by, action: 'network.changed', subject: `network/${slug}`, reason, change: edited };
    const row = await this.audit.changing(change, async (manager) => {
      const rows = manager.getRepository(NetworkRow);
      const found = await rows.findOne({ where: { slug }, lock: { mode: 'pessimistic_write' } });
      if (!found) throw new ApiProblem('not-found', `no network ${slug}`);
      expectVersion(ifMatch, found.version);
      await checkOperator(manager, edited.operator ?? undefined);
      const saved = await rows.save(Object.assign(found, edited, { version: found.version + 1 }));
      await this.registry.changed(manager, { member: slug });
      return saved;
    });
    await this.registry.settled();
    return row;
  }

  /**
   * Stores the declaration of a network. Runs at every heartbeat: if nothing changed it reads one row and writes nothing. For a
   * suspended network nothing is stored; its first heartbeat after it is enabled declares again.
   * @returns whether anything changed
   * @throws ApiProblem forbidden if the network is not admitted or has left, not-found if it is not registered
   */
  async learn(slug: Network, capabilities: Capabilities, build: string): Promise<boolean> {
    const row = await this.find(slug);
    if (row.status === 'applied' || row.status === 'gone')
      throw new ApiProblem('forbidden', `network: ${slug} is ${row.status} and cannot sign on`);
    if (row.status === 'suspended') return false;
    const changed = row.build !== build || !sameDeclaration(capabilities, row.capabilities);
    const adapter = afterSignOn(row.adapter, changed);
    if (!changed && adapter === row.adapter) return false;
    await this.database.transaction(async (manager) => {
      // If several consoles see the change at the same time, one writes it.
      const { affected } = await manager.update(
        NetworkRow,
        { slug, adapter: row.adapter },
        { capabilities, build, adapter },
      );
      if (!affected) return;
      if (!isSameFolding(capabilities, row.capabilities)) await this.stored.refold(manager, slug);
      await this.registry.changed(manager, { member: slug });
      await this.audit.record(manager, {
        by: 'hub',
        action: adapter === row.adapter ? 'adapter.declared' : `adapter.${adapter}`,
        subject: `network/${slug}`,
        reason: row.adapter === 'draft' ? 'first sign-on' : whatChanged(row, build),
        change: { from: row.adapter, to: adapter, build: { from: row.build, to: build } },
      });
    });
    await this.registry.settled();
    return true;
  }

  /** Creates the missing streams, consumers and buckets of every network. */
  private async prepareAll(): Promise<void> {
    const slugs = (await this.list()).map(({ slug }) => networkSlug(slug));
    const session = await this.prepare(...slugs);
    await this.bus.inventory.retire(session, RETIRED_CONSUMERS);
    for (const slug of slugs) await this.accounts.publish(slug);
  }

  private async prepare(...slugs: Network[]): Promise<BusSession> {
    const session = this.bus.link.session;
    if (!session) throw new ApiProblem('unavailable', 'the bus is not connected: try again later');
    const wanted = slugs.flatMap((slug) => networkTopology(slug, this.bus.replicas));
    await this.bus.inventory.provide(session, wanted);
    return session;
  }
}

async function checkOperator(manager: EntityManager, id: string | undefined): Promise<void> {
  if (id === undefined) return;
  if (!(await operatorExists(manager, id)))
    throw new ApiProblem('invalid', `operator: ${id} is not registered`);
}

const BLANK = () => ({
  status: 'approved' as const,
  adapter: 'draft' as const,
  test: false,
  operator: null,
  leavesAt: null,
  standIn: StandIn.parse({}),
  risk: 'normal' as const,
  version: 1,
  capabilities: null,
  build: null,
  createdAt: new Date(),
});

/** Compares hashes, because jsonb returns keys in another order. */
function sameDeclaration(given: Capabilities, stored: Capabilities | null): boolean {
  return stored !== null && capabilitiesHash(given) === capabilitiesHash(stored);
}

/** Whether two id rules are equal. */
function isSameFolding(given: Capabilities, stored: Capabilities | null): boolean {
  return (
    (given.ids ?? 'exact') === (stored?.ids ?? 'exact') && given.numbersWithout === stored?.numbersWithout
  );
}

function whatChanged(row: NetworkRow, build: string): string {
  return row.build === build ? 'other capabilities' : 'another build';
}
