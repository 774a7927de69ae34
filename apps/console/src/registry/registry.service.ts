/**
 * The registry on the bus, one key per network: the switch never reads the database. Whoever changes what the registry says
 * calls `changed` in the transaction of the change, which writes the entry to the outbox; a publisher brings it to the bus
 * and tries until the bus has confirmed it. No change is lost, and none fails because the bus is away.
 */
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { ApiProblem } from '#http';
import { ENTRY_MAX_BYTES, firstIssue, RegistryContent } from '#protocol';
import { ConsoleBus } from '../core/console-bus.js';
import { lockEntries, missingFrom, store, storedContents } from './outbox.repository.js';
import { allParts, currentContent, keyOf, type RegistryPart } from './registry.repository.js';
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
    const byKey = new Map(parts.map((part) => [keyOf(part), part]));
    await lockEntries(manager, [...byKey.keys()]);
    const stored = await storedContents(manager, [...byKey.keys()]);
    const changes: Change[] = [];
    for (const [key, part] of byKey) {
      const before = stored.get(key);
      const content = await currentContent(manager, part);
      if (content === undefined && before === undefined) continue;
      const text = textOf(key, content ?? REMOVED);
      if (text !== before) changes.push({ key, text, growth: text.length - (before?.length ?? 0) });
    }
    // What moves to another key is published there first: for a moment it is in both, never in none.
    changes.sort((one, other) => other.growth - one.growth);
    for (const { key, text } of changes) await store(manager, key, text);
    return changes.map(({ key }) => key);
  }

  /** After the transaction: resolves when all that is stored is on the bus, at the latest after two seconds. */
  settled(): Promise<void> {
    return this.publisher.settled(CONFIRMED_WITHIN_MS);
  }

  /**
   * Compares everything with the outbox, at the start and every minute: after an upgrade, after a restore, and for a change
   * that nobody announced. An entry that does not fit is logged and the last good one stays; the others go on.
   */
  async reconcile(): Promise<void> {
    for (const part of await allParts(this.database.manager)) {
      try {
        const keys = await this.database.transaction((manager) => this.changed(manager, part));
        if (keys.length > 0) this.bus.link.log.warn({ keys }, 'registry entry differed from the database');
      } catch (error) {
        const reason = error instanceof z.ZodError ? firstIssue(error) : (error as Error).message;
        this.bus.link.log.error(
          { key: keyOf(part), reason },
          'registry entry not made: the last good one stays',
        );
      }
    }
    await this.removeUnknown();
    await this.publisher.settled(CONFIRMED_WITHIN_MS);
  }

  /** Keys on the bus that this database does not know, as after a restore of an older copy. */
  private async removeUnknown(): Promise<void> {
    const unknown = await missingFrom(this.database, await this.publisher.keysOnTheBus());
    for (const key of unknown)
      await this.database.transaction((manager) => store(manager, key, JSON.stringify(REMOVED)));
  }
}

const REMOVED: RegistryContent = { kind: 'removed' };

interface Change {
  key: string;
  text: string;
  growth: number;
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
