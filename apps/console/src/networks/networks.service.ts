import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ensureNetwork, inboxPrefix } from '#bus';
import {
  HubError,
  network as networkSlug,
  type Capabilities,
  type Network,
  StandIn,
  type MemberState,
} from '#protocol';
import { ConsoleBus } from '../console-bus.js';
import { RegistryService } from '../registry/registry.service.js';
import { NetworkRow } from '#database';

/** What an operator needs to run an adapter; the credentials are shown this once. */
export interface Issued {
  credentials: string;
  inboxPrefix: string;
}

@Injectable()
export class NetworksService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(ConsoleBus) private readonly bus: ConsoleBus,
    @Inject(RegistryService) private readonly registry: RegistryService,
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
  async register(slug: Network, name: string, test: boolean): Promise<{ row: NetworkRow } & Issued> {
    if (await this.rows.existsBy({ slug })) throw new HubError('94', `${slug} is registered already`);
    const row = this.rows.create({
      slug,
      name,
      status: 'approved',
      adapter: 'draft',
      test,
      operator: null,
      leavesAt: null,
      notice: null,
      standIn: StandIn.parse({}),
      risk: 'normal',
      version: 1,
      capabilities: null,
      build: null,
      createdAt: new Date(),
    });
    await this.prepare(slug);
    await this.rows.insert(row);
    await this.registry.publish();
    return { row, ...(await this.issue(slug)) };
  }

  async issue(slug: string): Promise<Issued> {
    const { slug: known } = await this.find(slug);
    const net = networkSlug(known);
    return { credentials: await this.bus.authority.networkCredentials(net), inboxPrefix: inboxPrefix(net) };
  }

  async setStatus(slug: string, status: MemberState): Promise<NetworkRow> {
    const row = await this.find(slug);
    row.status = status;
    await this.rows.update({ slug }, { status });
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
