/**
 * The registry on the bus, one key per network: the switch never reads the database. Whoever changes what the registry says
 * calls `changed` in the transaction of the change, which writes the entry to the outbox; a publisher brings it to the bus
 * and tries until the bus has confirmed it. No change is lost, and none fails because the bus is away.
 */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { ENTRY_MAX_BYTES, firstIssue, RegistryContent } from '#protocol';
import { ConsoleBus } from '../console-bus.js';
import { ApiProblem } from '../http/problems.js';
import { lockPart, missingFrom, store, storedContents } from './outbox.repository.js';
import { currentContents, keysOf, type RegistryPart } from './registry.repository.js';
import { RegistryPublisher } from './registry-publisher.js';

/** How long a caller waits for the bus before the change is answered as stored; it is published later. */
const CONFIRMED_WITHIN_MS = 2000;

@Injectable()
export class RegistryService {
  constructor(
    @Inject(DataSource) private readonly database: DataSource,
    @Inject(ConsoleBus) private readonly bus: ConsoleBus,
    @Inject(RegistryPublisher) private readonly publisher: RegistryPublisher,
  ) {}

  /**
   * In the transaction of a change, after the rows were changed and before the audit entry is written: the lock of the
   * audit log is always the last one taken, or two transactions would wait for each other.
   * @throws ApiProblem too-large when an entry would be too large; it names what to shorten
   * @returns the keys whose content changed
   */
  async changed(manager: EntityManager, ...parts: RegistryPart[]): Promise<string[]> {
    const keys: string[] = [];
    for (const part of parts) keys.push(...(await changedPart(manager, part)));
    return keys;
  }

  /** After the transaction: resolves when all that is stored is on the bus, at the latest after two seconds. */
  settled(): Promise<void> {
    return this.publisher.settled(CONFIRMED_WITHIN_MS);
  }

  /**
   * Compares everything with the outbox: after an upgrade, after a restore, and for a change that nobody announced. A part
   * that does not fit is logged and keeps its last good entry; the others go on.
   */
  async reconcile(): Promise<void> {
    for (const part of await this.allParts()) {
      try {
        const keys = await this.database.transaction((manager) => this.changed(manager, part));
        if (keys.length > 0) this.bus.link.log.info({ keys }, 'registry entries differed from the database');
      } catch (error) {
        const reason = error instanceof z.ZodError ? firstIssue(error) : (error as Error).message;
        this.bus.link.log.error({ part, reason }, 'registry entry not made: the last good one stays');
      }
    }
    await this.removeUnknown();
    await this.publisher.settled(CONFIRMED_WITHIN_MS);
  }

  private async allParts(): Promise<RegistryPart[]> {
    const networks = await this.database.query<{ member: string }[]>(
      'SELECT slug AS member FROM network ORDER BY slug',
    );
    return ['phase', 'agreements', 'routes', 'blocked', ...networks];
  }

  /** Keys on the bus that this database does not know, as after a restore of an older copy. */
  private async removeUnknown(): Promise<void> {
    const unknown = await missingFrom(this.database, await this.publisher.keysOnTheBus());
    for (const key of unknown)
      await this.database.transaction((manager) => store(manager, key, JSON.stringify(REMOVED)));
  }
}

const REMOVED: RegistryContent = { kind: 'removed' };

async function changedPart(manager: EntityManager, part: RegistryPart): Promise<string[]> {
  await lockPart(manager, keysOf(part));
  const stored = await storedContents(manager, keysOf(part));
  const current = await currentContents(manager, part);
  for (const key of stored.keys()) if (!current.has(key)) current.set(key, REMOVED);
  const changed = [...current]
    .map(([key, content]) => ({ key, text: textOf(key, content), before: stored.get(key) }))
    .filter(({ text, before }) => text !== before)
    // What moves to another key is published there first: for a moment it is in both, never in none.
    .sort((one, other) => growth(other) - growth(one));
  for (const { key, text } of changed) await store(manager, key, text);
  return changed.map(({ key }) => key);
}

function growth({ text, before }: { text: string; before: string | undefined }): number {
  return text.length - (before?.length ?? 0);
}

/** @throws ApiProblem too-large */
function textOf(key: string, content: RegistryContent): string {
  const checked = RegistryContent.safeParse(content);
  if (!checked.success) throw tooLarge(key, content.kind, firstIssue(checked.error));
  const text = JSON.stringify(checked.data);
  const bytes = Buffer.byteLength(text);
  if (bytes > ENTRY_MAX_BYTES)
    throw tooLarge(key, content.kind, `${bytes} bytes of at most ${ENTRY_MAX_BYTES}`);
  return text;
}

const SHORTEN: Record<RegistryContent['kind'], string> = {
  member: 'shorten the name or the capabilities of this network',
  phase: 'name another anchor',
  agreements: 'remove agreements that begin at this network',
  routes: 'remove routes to this network',
  blocked: 'unblock addresses of this network',
  removed: 'nothing to shorten',
};

function tooLarge(key: string, kind: RegistryContent['kind'], why: string): ApiProblem {
  return new ApiProblem('too-large', `the registry entry ${key} is too large (${why}): ${SHORTEN[kind]}`);
}
