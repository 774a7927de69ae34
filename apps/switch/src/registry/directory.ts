/** Who has which telephone number. The console is asked, at most once at a time per number, and its answer is cached. */
import { Inject, Injectable } from '@nestjs/common';
import { DirectoryChange, parseJson, type DirectoryEntry, type E164 } from '#protocol';
import { LruCache, metrics } from '#service';
import { DirectoryClient } from './directory.client.js';

/** Numbers in the cache. */
const CACHED = 200_000;
const KNOWN_MS = 60_000;
/** Shorter than `KNOWN_MS`: somebody may be linking the number right now. */
const UNKNOWN_MS = 5000;

@Injectable()
export class Directory {
  private readonly entries = new LruCache<E164, DirectoryEntry>({ max: CACHED });
  private readonly asked = new Map<E164, Promise<DirectoryEntry>>();

  constructor(@Inject(DirectoryClient) private readonly console: Pick<DirectoryClient, 'find'>) {}

  /** What is cached. */
  known(number: E164): DirectoryEntry | undefined {
    return this.entries.get(number);
  }

  /** @throws HubError 91, 96 when the directory does not answer */
  async find(number: E164): Promise<DirectoryEntry> {
    const known = this.known(number) ?? this.asked.get(number);
    if (known) return known;
    const asking = this.console.find(number);
    this.asked.set(number, asking);
    try {
      const entry = await asking;
      // If the number changed meanwhile, the answer serves those who asked before the change and is not cached.
      if (this.asked.get(number) === asking)
        this.entries.set(number, entry, { ttl: isKnown(entry) ? KNOWN_MS : UNKNOWN_MS });
      return entry;
    } finally {
      if (this.asked.get(number) === asking) this.asked.delete(number);
    }
  }

  forget(number: E164): void {
    this.entries.delete(number);
    this.asked.delete(number);
  }

  forgetAll(): void {
    this.entries.clear();
    this.asked.clear();
  }

  /** @param bytes the console's notice. One that cannot be parsed may concern any number: the whole cache is dropped */
  changed(bytes: Uint8Array): void {
    const change = DirectoryChange.safeParse(parseJson(bytes));
    if (change.success) return this.forget(change.data.number);
    metrics.badMessages.inc({ kind: 'directory change' });
    this.forgetAll();
  }
}

function isKnown({ ported, links }: DirectoryEntry): boolean {
  return ported !== undefined || links.length > 0;
}
