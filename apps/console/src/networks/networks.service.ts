import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ensureNetwork, inboxPrefix } from '#bus';
import { HUB, HubError, network as networkSlug, type Capabilities, type Network, StandIn } from '#protocol';
import { ConsoleBus } from '../console-bus.js';
import { AuditService } from '../audit/audit.service.js';
import { expectVersion } from '../http/versions.js';
import { RegistryService } from '../registry/registry.service.js';
import { NetworkRow, type ApiKeyRow } from '#database';

/** What an operator needs to run an adapter; the credentials are shown this once. */
export interface Issued {
  credentials: string;
  inboxPrefix: string;
}

/** As `NewNetwork` of the API. */
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

const RESERVED: ReadonlySet<Network> = new Set([HUB]);

@Injectable()
export class NetworksService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(ConsoleBus) private readonly bus: ConsoleBus,
    @Inject(RegistryService) private readonly registry: RegistryService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  private get rows() {
    return this.database.getRepository(NetworkRow);
  }

  list(): Promise<NetworkRow[]> {
    return this.rows.find({ order: { slug: 'ASC' } });
  }

  async find(slug: string): Promise<NetworkRow> {
    const row = await this.rows.findOneBy({ slug });
    if (!row) throw new HubError('14', `no network ${slug}`);
    return row;
  }

  /** A new network is approved, and live when an admin enables it. */
  async register(by: ApiKeyRow, asked: NewNetwork): Promise<{ row: NetworkRow } & Issued> {
    const { network: slug, name, operator, test, state, reason } = asked;
    if (RESERVED.has(slug)) throw new HubError('30', `network: ${slug} is a name of the exchange itself`);
    if (await this.rows.existsBy({ slug })) throw new HubError('94', `${slug} is registered already`);
    await this.prepare(slug);
    const row = this.rows.create({
      slug,
      name,
      operator: operator ?? null,
      test,
      status: state,
      adapter: 'draft',
      capabilities: null,
      build: null,
      createdAt: new Date(),
      leavesAt: null,
      notice: null,
      standIn: StandIn.parse({}),
      risk: 'normal',
      version: 1,
    });
    await this.audit.changing(
      { by, action: 'network.registered', subject: `network/${slug}`, reason, change: asked },
      async (manager) => {
        await checkOperator(manager, operator);
        await manager.getRepository(NetworkRow).insert(row);
      },
    );
    await this.registry.publish();
    return { row, ...(await this.issue(slug)) };
  }

  async issue(slug: string): Promise<Issued> {
    const { slug: known } = await this.find(slug);
    const net = networkSlug(known);
    return { credentials: await this.bus.authority.networkCredentials(net), inboxPrefix: inboxPrefix(net) };
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
      if (!found) throw new HubError('14', `no network ${slug}`);
      expectVersion(ifMatch, found.version);
      await checkOperator(manager, edited.operator ?? undefined);
      return rows.save(Object.assign(found, edited, { version: found.version + 1 }));
    });
    await this.registry.publish();
    return row;
  }

  /** @returns whether anything changed */
  async learn(slug: Network, capabilities: Capabilities, build: string): Promise<boolean> {
    const row = await this.find(slug);
    if (
      row.build === build &&
      JSON.stringify(row.capabilities) === JSON.stringify(sorted(capabilities, row.capabilities))
    )
      return false;
    await this.rows.update({ slug }, { capabilities, build });
    await this.registry.publish();
    return true;
  }

  /** Consumers and buckets of every network, also after the bus lost them. */
  async prepareAll(): Promise<void> {
    for (const { slug } of await this.list()) await this.prepare(networkSlug(slug));
  }

  private async prepare(slug: Network): Promise<void> {
    const session = this.bus.link.session;
    if (!session) throw new HubError('91', 'the bus is away; try again');
    await ensureNetwork(session, slug, this.bus.replicas);
  }
}

async function checkOperator(manager: EntityManager, id: string | undefined): Promise<void> {
  if (id === undefined) return;
  const rows = await manager.query<unknown[]>('SELECT 1 FROM operator WHERE id = $1', [id]);
  if (rows.length === 0) throw new HubError('30', `operator: ${id} is not registered`);
}

/** jsonb returns keys in its own order: compare in the order of what is stored. */
function sorted(given: Capabilities, stored: Capabilities | null): unknown {
  return stored ? reorder(given, stored) : given;
}

function reorder(given: unknown, like: unknown): unknown {
  if (given === null || typeof given !== 'object' || like === null || typeof like !== 'object') return given;
  const entries = given as Record<string, unknown>;
  const keys = [...new Set([...Object.keys(like), ...Object.keys(entries)])].filter((key) => key in entries);
  return Object.fromEntries(
    keys.map((key) => [key, reorder(entries[key], (like as Record<string, unknown>)[key])]),
  );
}
