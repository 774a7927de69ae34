/**
 * The registry on the bus, one key per network; the switch never reads the database. Code that changes the content of the registry
 * calls `changed` in its transaction, which writes the entry to the outbox. `RegistryPublisher` publishes it until the bus has
 * confirmed it. No change is lost, and none fails because the bus is not available.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { ApiProblem } from '#http';
import { ENTRY_MAX_BYTES, firstIssue, RegistryContent } from '#protocol';
import { ConsoleBus } from '../core/console-bus.js';
import { lockEntries, missingFrom, store, storedContents } from './outbox.repository.js';
import { allParts, currentContent, keyOf, type RegistryPart } from './registry.repository.js';
import { RegistryPublisher } from './registry-publisher.js';

/** Maximum time that a request waits for the bus. The change is stored and is published later. */
const CONFIRMED_WITHIN_MS = 2000;

@Injectable()
export class RegistryService {
  constructor(
    private readonly database: DataSource,
    private readonly bus: ConsoleBus,
    private readonly publisher: RegistryPublisher,
  ) {}

  /**
   * Call it in the transaction of a change, after the rows were changed and before the audit entry is written: the lock of the audit
   * log is always the last one, so that transactions cannot deadlock.
   * @throws ApiProblem too-large if an entry would be too large; the detail names what to shorten
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
    // What moves to another key is published there first, so that it is in both for a moment, and never in none.
    changes.sort((one, other) => other.growth - one.growth);
    for (const { key, text } of changes) await store(manager, key, text);
    return changes.map(({ key }) => key);
  }

  /** Call it after the transaction. Resolves when everything that is stored is on the bus, at the latest after 2 s. */
  settled(): Promise<void> {
    return this.publisher.settled(CONFIRMED_WITHIN_MS);
  }

  /**
   * Compares the database with the outbox at start and every minute: after an upgrade, after a restore, and in case a change did not
   * call `changed`. An entry that is too large is logged and the last valid one stays; the others are published.
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

  /** Keys on the bus that this database does not know, such as after a restore of an older copy. */
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
