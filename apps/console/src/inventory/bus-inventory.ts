/**
 * Creates each stream, consumer and bucket once. The inventory in PostgreSQL lists what was created. At start and at every new
 * session it is compared with the bus. If something is missing, or was created by somebody else, the process ends with a text that
 * says how to restore it or to accept the loss. During a session a loss is an alarm: an error in the log, the metric
 * `hutong_bus_missing`, and readiness false.
 */
import type { DataSource } from 'typeorm';
import {
  allowBatchesOf,
  createdAt,
  createdOnBus,
  deleteConsumer,
  hubTopology,
  placeOf,
  saysNotFound,
  type BusConnection,
  type BusObject,
  type BusSession,
} from '#bus';
import { metrics, PeriodicTask, StartRefused, type Log } from '#service';
import { AuditService } from '../audit/audit.service.js';
import { InventoryRepository, type Recorded } from './inventory.repository.js';
import { describeLoss, lossCode, type Loss } from './loss.js';

/** Streams of earlier versions, which all networks shared. Their subjects overlap with those of this version. */
const OF_EARLIER_VERSIONS = ['HUB_IN', 'HUB_MEDIA'];

const COMPARE_EVERY_MS = 10_000;

export interface InventoryOptions {
  replicas: number;
  /** Code of the loss that is accepted (BUS_ACCEPT_LOSS). */
  acceptedLoss?: string | undefined;
}

export class BusInventory {
  private readonly repository: InventoryRepository;
  private readonly audit: AuditService;
  private readonly comparing: PeriodicTask;
  /** What was missing at the last comparison. */
  private lost: string[] = [];

  private constructor(
    private readonly link: BusConnection,
    private readonly database: DataSource,
    private readonly options: InventoryOptions,
    private readonly log: Log,
  ) {
    this.repository = new InventoryRepository(database);
    this.audit = new AuditService(database);
    this.comparing = new PeriodicTask(
      COMPARE_EVERY_MS,
      () => this.watch(),
      'bus compared with its inventory',
      log,
    );
  }

  /** @throws StartRefused if the bus has lost something */
  static async on(
    link: BusConnection,
    database: DataSource,
    options: InventoryOptions,
    log: Log,
  ): Promise<BusInventory> {
    const inventory = new BusInventory(link, database, options, log);
    await link.onSession((session) => inventory.open(session));
    return inventory;
  }

  /** true if everything that is recorded is on the bus. */
  get isWhole(): boolean {
    return this.lost.length === 0;
  }

  /**
   * Creates and records what was never created, unless something else was recorded in its place, and adapts what an earlier
   * release created. A consumer that continues one of an earlier release begins where that one stands. Does not check what is recorded: that is done at every new session.
   */
  async provide(session: BusSession, wanted: readonly BusObject[]): Promise<void> {
    const recorded = new Set((await this.repository.all()).map(({ name }) => name));
    for (const object of wanted) {
      const { name, replacedBy, continues } = object;
      if (recorded.has(name)) await upgraded(session, object);
      if (recorded.has(name) || (replacedBy !== undefined && recorded.has(replacedBy))) continue;
      const isContinuation = continues !== undefined && recorded.has(continues);
      const before = isContinuation ? await placeOf(session, continues) : undefined;
      await this.createAndRecord(session, object, before?.floor);
    }
  }

  /** Deletes consumers that an earlier release created, when others continue them. */
  async retire(session: BusSession, names: readonly string[]): Promise<void> {
    const old = (await this.repository.all()).filter(({ name }) => names.includes(name));
    if (old.length === 0) return;
    await this.forgetAndDelete(session, old);
    this.log.info({ consumers: old.map(({ name }) => name) }, 'consumers of an earlier release deleted');
  }

  /**
   * Replaces consumers by others of the same stream, which continue where those stopped: nothing is lost, and what was
   * acknowledged in order is not delivered again. After an interruption the next call goes on.
   * @param which `unread`: only consumers from which nothing was ever read
   * @returns whether the new consumers are in place. false: the old ones were read from, or another console is at it
   */
  async replace(
    session: BusSession,
    before: readonly BusObject[],
    after: readonly BusObject[],
    which: 'read' | 'unread',
  ): Promise<boolean> {
    const recorded = new Map((await this.repository.all()).map((one) => [one.name, one]));
    const old = before.flatMap(({ name }) => recorded.get(name) ?? []);
    if (old.length === 0 && after.every(({ name }) => recorded.has(name))) return true;
    const isReplaced = await this.repository.exclusively(async () => {
      const places = await Promise.all(old.map(({ name }) => placeOf(session, name)));
      const known = places.filter((place) => place !== undefined);
      if (which === 'unread' && known.some(({ isRead }) => isRead)) return false;
      const floor = known.length === 0 ? undefined : Math.min(...known.map((place) => place.floor));
      for (const object of after) {
        if (recorded.has(object.name)) continue;
        // Left over from an earlier replacement that was interrupted.
        await deleteConsumer(session, object.name);
        await this.createAndRecord(session, object, floor);
      }
      await this.forgetAndDelete(session, old);
      return true;
    });
    if (isReplaced)
      this.log.info(
        { before: old.map(({ name }) => name), after: after.map(({ name }) => name) },
        'consumers replaced',
      );
    return isReplaced;
  }

  stop(): Promise<void> {
    return this.comparing.stop();
  }

  private async open(session: BusSession): Promise<void> {
    await refuseEarlierLayout(session);
    const losses = await this.losses(session);
    if (losses.length > 0) {
      if (lossCode(losses) !== this.options.acceptedLoss) {
        this.alarm(losses);
        throw new StartRefused(describeLoss(losses));
      }
      await this.accept(losses);
    }
    this.alarm([]);
    await this.provide(session, hubTopology(this.options.replicas));
    await this.bringUpToDate(session);
  }

  /** Streams and buckets that an earlier release created get the settings of this one. */
  private async bringUpToDate(session: BusSession): Promise<void> {
    const ours = (await this.repository.all()).filter(({ kind }) => kind !== 'consumer');
    await allowBatchesOf(session, new Set(ours.map(({ name }) => name)));
  }

  private async createAndRecord(session: BusSession, object: BusObject, after?: number): Promise<void> {
    const { kind, name } = object;
    if ((await createdAt(session, name)) === undefined) await object.create(session, after);
    const created = await createdAt(session, name);
    if (created === undefined) throw new Error(`${kind} ${name} was created and is not there`);
    await this.repository.record({ kind, name, created });
  }

  /** Forgotten first: what is recorded and not on the bus would be a loss. */
  private async forgetAndDelete(session: BusSession, old: readonly Recorded[]): Promise<void> {
    await this.repository.forget(this.database.manager, old);
    for (const { name } of old) await deleteConsumer(session, name);
  }

  private async accept(losses: readonly Loss[]): Promise<void> {
    const change = {
      by: 'hub' as const,
      action: 'bus.loss-accepted',
      subject: 'bus/inventory',
      reason: `BUS_ACCEPT_LOSS=${lossCode(losses)}`,
      change: losses,
    };
    await this.audit.changing(change, (manager) => this.repository.forget(manager, losses));
    this.log.warn({ losses }, 'loss accepted: these are created again, empty');
  }

  private async losses(session: BusSession): Promise<Loss[]> {
    const created = await createdOnBus(session);
    const losses: Loss[] = [];
    for (const recorded of await this.repository.all()) {
      if (created.get(recorded.name) === recorded.created) continue;
      const successor = await createdAt(session, recorded.name);
      if (successor !== recorded.created) losses.push({ ...recorded, successor });
    }
    return losses;
  }

  private async watch(): Promise<void> {
    const { session } = this.link;
    if (session) this.alarm(await this.losses(session));
  }

  private alarm(losses: readonly Loss[]): void {
    const names = losses.map(({ name }) => name);
    metrics.busMissing.reset();
    for (const name of names) metrics.busMissing.set({ name }, 1);
    if (names.length > 0 && names.join() !== this.lost.join())
      this.log.error(
        { missing: names },
        'the bus has lost streams, consumers or buckets; nothing is created in their place (docs/operations.md, "Durability")',
      );
    this.lost = names;
  }
}

/** What is missing is left to the comparison with the inventory. */
async function upgraded(session: BusSession, object: BusObject): Promise<void> {
  try {
    await object.upgrade?.(session);
  } catch (error) {
    if (!saysNotFound(error)) throw error;
  }
}

/** @throws StartRefused if the bus has streams of an earlier version */
async function refuseEarlierLayout(session: BusSession): Promise<void> {
  for (const name of OF_EARLIER_VERSIONS) {
    if ((await createdAt(session, name)) === undefined) continue;
    throw new StartRefused(
      `the bus holds ${name}, a stream of an earlier version, and its subjects overlap with those of this one. Start the earlier version until nothing waits, then delete the stream (nats stream rm ${name}) and start this one. On a machine where nothing is to be kept: delete the data folder.`,
    );
  }
}
