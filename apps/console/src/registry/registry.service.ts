/** The registry as one versioned snapshot on the bus: the switch never reads the database. */
import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { DataSource, type EntityManager } from 'typeorm';
import { LOCKS, NetworkRow } from '#database';
import {
  Agreement,
  HubError,
  network as networkSlug,
  Phase,
  Registry,
  REGISTRY_KEY,
  type CertificationLevel,
  type Member,
} from '#protocol';
import { runInBackground } from '#service';
import { ConsoleBus } from '../console-bus.js';

/** Leaves room for capabilities, which change by themselves at a sign-on. */
const MOST_BYTES = 800_000;

@Injectable()
export class RegistryService {
  private readonly line = pLimit(1);

  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(ConsoleBus) private readonly bus: ConsoleBus,
  ) {}

  /** Resolves when what is in the database now is on the bus. */
  publish(): Promise<void> {
    return this.line(() => this.publishNow());
  }

  /** A snapshot that no switch can read is published anew at once. */
  async guard(): Promise<void> {
    const { log } = this.bus.link;
    await this.bus.registry.watch(
      REGISTRY_KEY,
      Registry,
      () => undefined,
      () => runInBackground('registry published anew', log, () => this.publish()),
    );
  }

  /**
   * In the transaction of a change that makes it larger: the snapshot is one message of the bus. Were it refused there, nothing
   * that anybody decides afterwards would reach the switch.
   * @throws HubError 61
   */
  async mustFit(manager: EntityManager): Promise<void> {
    const bytes = Buffer.byteLength(JSON.stringify(await this.snapshot(manager, Number.MAX_SAFE_INTEGER)));
    if (bytes > MOST_BYTES)
      throw new HubError(
        '61',
        `the registry would have ${bytes} bytes, and the bus takes ${MOST_BYTES}: remove routes, blocked addresses or agreements`,
      );
  }

  private async publishNow(): Promise<void> {
    await this.database.transaction(async (manager) => {
      // One console at a time: what was read before must never have the higher number.
      await manager.query('SELECT pg_advisory_xact_lock($1)', [LOCKS.registry]);
      const [next] = await manager.query<{ version: string }[]>(
        "SELECT nextval('registry_version') AS version",
      );
      await this.bus.registry.put(REGISTRY_KEY, await this.snapshot(manager, Number(next?.version)));
    });
  }

  private async snapshot(manager: EntityManager, version: number): Promise<Registry> {
    const networks = await manager.getRepository(NetworkRow).find({ order: { slug: 'ASC' } });
    const routes = await manager.query<object[]>(
      "SELECT kind, key, network FROM route WHERE kind <> 'exact' ORDER BY kind, key",
    );
    const blocked = await manager.query<{ address: string; network: string | null }[]>(
      'SELECT address, network FROM blocked ORDER BY address, network',
    );
    const levels = await levelsOf(manager);
    return Registry.parse({
      version,
      members: networks.map((row) => memberOf(row, levels.get(row.slug))),
      phase: await phaseOf(manager),
      agreements: await agreementsOf(manager),
      routes,
      blocked: blocked.map(({ address, network }) => ({ address, ...(network ? { network } : {}) })),
    });
  }
}

/** Version 0: nobody has set one yet. */
export async function versionedPhase(manager: EntityManager): Promise<{ phase: Phase; version: number }> {
  const [row] = await manager.query<{ value: unknown; version: number }[]>(
    "SELECT value, version FROM setting WHERE key = 'phase'",
  );
  return row
    ? { phase: Phase.parse(row.value), version: row.version }
    : { phase: { phase: 'mesh' }, version: 0 };
}

export async function phaseOf(manager: EntityManager): Promise<Phase> {
  return (await versionedPhase(manager)).phase;
}

export async function agreementsOf(manager: EntityManager): Promise<Agreement[]> {
  const rows = await manager.query<AgreementColumns[]>(
    'SELECT id, from_network, to_network, classes, limits, valid_from, valid_to FROM agreement ORDER BY id',
  );
  return rows.map((row) => Agreement.parse(agreementOf(row)));
}

/** Of the last certificate of each. */
async function levelsOf(manager: EntityManager): Promise<Map<string, CertificationLevel>> {
  const rows = await manager.query<{ network: string; level: CertificationLevel }[]>(
    'SELECT DISTINCT ON (network) network, level FROM certification WHERE passed ORDER BY network, at DESC',
  );
  return new Map(rows.map(({ network, level }) => [network, level]));
}

interface AgreementColumns {
  id: string;
  from_network: string;
  to_network: string;
  classes: string[];
  limits: object | null;
  valid_from: Date;
  valid_to: Date | null;
}

function agreementOf(row: AgreementColumns): object {
  return {
    id: row.id,
    from: row.from_network,
    to: row.to_network,
    classes: row.classes,
    ...(row.limits ? { limits: row.limits } : {}),
    validFrom: row.valid_from.toISOString(),
    ...(row.valid_to ? { validTo: row.valid_to.toISOString() } : {}),
  };
}

function memberOf(
  { slug, name, status, adapter, test, leavesAt, standIn, risk, capabilities }: NetworkRow,
  level: CertificationLevel | undefined,
): Member {
  return {
    network: networkSlug(slug),
    name,
    status,
    adapter,
    test,
    standIn,
    risk,
    ...(leavesAt ? { leavesAt: leavesAt.toISOString() } : {}),
    ...(level ? { level } : {}),
    ...(capabilities ? { capabilities } : {}),
  };
}
