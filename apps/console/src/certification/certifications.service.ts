/** Runs certifications in the background, one at a time for each network, and stores their reports. */
import { randomUUID } from 'node:crypto';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { blankReport, certify, type Ask, type Report } from '#certification';
import type { ApiKeyRow } from '#database';
import { ApiProblem } from '#http';
import { isReserved, toHubError, type AdapterState, type Network } from '#protocol';
import { type Log, LOG, PeriodicTask, tolerate } from '#service';
import { AuditService } from '../audit/audit.service.js';
import { ConsoleBus } from '../core/console-bus.js';
import type { MomentKey } from '../http/page.js';
import { NetworksService } from '../networks/networks.service.js';
import { RegistryService } from '../registry/registry.service.js';
import { AdaptersService } from './adapters.service.js';
import {
  abort,
  abortStale,
  close,
  findOne,
  findPage,
  insertRunning,
  saveProgress,
  STALE_MINUTES,
  type CertificationLineRow,
  type CertificationRow,
} from './certifications.repository.js';

export interface Wanted {
  loopback: string;
  stranger?: string | undefined;
  /** What the operator does on request during the run. */
  offers?: Ask[] | undefined;
}

interface Running extends Wanted {
  id: string;
  network: Network;
  by: ApiKeyRow;
  /** Declaration of the adapter at the start of the run. */
  before: AdapterState;
}

const SWEEP_MS = 60_000;
/** Time after which a run counts as interrupted by a crash. */
const AT_MOST_MS = (STALE_MINUTES - 1) * 60_000;

@Injectable()
export class CertificationsService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private rounds: PeriodicTask | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly bus: ConsoleBus,
    private readonly networks: NetworksService,
    private readonly adapters: AdaptersService,
    private readonly audit: AuditService,
    private readonly registry: RegistryService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Starts the check for expired certificates. */
  onApplicationBootstrap(): void {
    const sweep = () => Promise.all([this.adapters.sweep(), abortStale(this.database)]);
    this.rounds = new PeriodicTask(SWEEP_MS, sweep, 'expiry of certificates', this.log);
    this.rounds.now();
  }

  /** Ends runs while bus and database are still connected. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.rounds?.stop();
    this.stopping.abort();
    await Promise.all(this.running);
  }

  /** Starts a run in the background. @returns its id */
  async start(by: ApiKeyRow, network: Network, wanted: Wanted): Promise<string> {
    if (isReserved(network)) throw new ApiProblem('not-found', `no network ${network}`);
    const { adapter } = await this.networks.find(network);
    if (adapter === 'revoked' && by.role !== 'admin')
      throw new ApiProblem('forbidden', 'the adapter was revoked: an admin has to have it certified again');
    await this.networks.ensureCertifier();
    await abortStale(this.database);
    const id = randomUUID();
    const report = blankReport({ network, ...wanted });
    const row = { id, network, by: `${by.role} ${by.id} ${by.name}`, report };
    await this.database.transaction(async (manager) => {
      if (!(await insertRunning(manager, row)))
        throw new ApiProblem('conflict', `a certification of ${network} is running`);
      await this.audit.record(manager, {
        by,
        action: 'certification.started',
        subject: `network/${network}`,
        reason: 'asked for',
        change: { id, ...wanted },
      });
    });
    const run = this.run({ id, network, by, before: adapter, ...wanted }).finally(() =>
      this.running.delete(run),
    );
    this.running.add(run);
    return id;
  }

  async find(network: string, id: string): Promise<CertificationRow & CertificationLineRow> {
    const row = await findOne(this.database, network, id);
    if (!row) throw new ApiProblem('not-found', `no certification ${id} of ${network}`);
    return row;
  }

  page(network: string, limit: number, after: MomentKey | undefined): Promise<CertificationLineRow[]> {
    return findPage(this.database, network, limit, after);
  }

  private async run(running: Running): Promise<void> {
    const { id, network } = running;
    const { log } = this.bus.link;
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(AT_MOST_MS)]);
    // Progress is stored in order, and not after the final report.
    let saved: Promise<void> = Promise.resolve();
    const save = (report: Report) => {
      const now = structuredClone(report);
      saved = saved.then(() =>
        tolerate('progress of a certification', log, () => saveProgress(this.database, id, now)),
      );
    };
    try {
      const { loopback, stranger, offers } = running;
      const report = await certify(this.bus, { network, loopback, stranger, offers, signal }, save);
      await saved;
      await this.finish(running, report);
    } catch (error) {
      this.log.warn(
        { network, certification: id, reason: toHubError(error).detail },
        'certification aborted',
      );
      await saved;
      await tolerate('end of a certification', log, () => abort(this.database, id));
    }
  }

  /** Stores the report, the state of the adapter and the audit entry in one transaction. */
  private async finish({ id, network, by, before }: Running, report: Report): Promise<void> {
    const validUntil = report.level === null ? null : aYearFrom(new Date());
    await this.database.transaction(async (manager) => {
      if (!(await close(manager, id, report, validUntil))) return;
      const outcome =
        validUntil === null ? 'failed' : await this.adapters.certify(manager, network, report, before);
      await this.registry.changed(manager, { member: network });
      await this.audit.record(manager, {
        by,
        action: outcome === 'certified' ? 'adapter.certified' : `certification.${outcome}`,
        subject: `network/${network}`,
        reason: `certification ${id}`,
        change: {
          level: report.level,
          build: report.build,
          suite: report.suite,
          capabilities: report.capabilities,
        },
      });
    });
    await this.registry.settled();
  }
}

function aYearFrom(now: Date): Date {
  const then = new Date(now);
  then.setUTCFullYear(then.getUTCFullYear() + 1);
  return then;
}
