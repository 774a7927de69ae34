/** The registry as this instance knows it: the entries that the console published, one key per network. `ViewUpdates` feeds it. */
import { Inject, Injectable } from '@nestjs/common';
import { RegistryEntries, registryKeys, type RegistryEntry } from '#protocol';
import { LOG, type Log } from '#service';
import { RegistryIndex } from './registry-index.js';

@Injectable()
export class RegistryView {
  current = RegistryIndex.empty;
  private readonly entries = new RegistryEntries();
  /** All entries that existed at the start have been read. */
  private complete = false;
  private readonly listeners: (() => void)[] = [];

  constructor(@Inject(LOG) private readonly log: Log) {}

  /** Until then no event may be decided. A console publishes the phase with everything else: without a phase there is no registry. */
  get known(): boolean {
    return this.complete && this.entries.versionOf(registryKeys.phase) !== undefined;
  }

  /**
   * Refuses an entry that is older than the one held. The bucket reader has refused malformed entries: the last valid entry of
   * that key stays in force.
   * @param entry null: the key was deleted on the bus, which no console does (a removed entry has a version, too)
   */
  accept(key: string, entry: RegistryEntry | null): void {
    const result = entry === null ? 'deleted' : this.entries.accept(key, entry);
    switch (result) {
      case 'same':
        return;
      case 'taken':
        if (this.complete) this.rebuild(key);
        return;
      case 'deleted':
      case 'older':
      case 'misplaced':
        this.log.warn(
          { key, have: this.entries.versionOf(key), got: entry?.version, result },
          'registry entry refused',
        );
    }
  }

  /** Called when all entries that exist have been read, in every session of the bus. */
  completed(): void {
    if (this.complete) return;
    this.complete = true;
    this.rebuild('all');
  }

  /** The listener is called after every change, when it is in force. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  private rebuild(key: string): void {
    this.current = new RegistryIndex(this.entries.assemble());
    for (const listener of this.listeners) listener();
    this.log.info(
      { key, version: this.current.version, members: this.current.members.size },
      'registry in force',
    );
  }
}
