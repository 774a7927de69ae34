/**
 * The only cache of recently used entries. The package reserves memory for the largest number of entries when a cache is
 * made (1.4 MB for 50,000, with dozens of caches in each adapter); limited by size, with a size of 1 for each entry, the
 * same cache grows as entries come.
 */
import { LRUCache } from 'lru-cache';

export interface LruCacheOptions {
  /** Most entries; the entry that was not used for the longest time is removed first. */
  max: number;
  /** How long an entry is valid, ms. */
  ttl?: number;
  /** Whether reading an entry begins its time anew. */
  updateAgeOnGet?: boolean;
}

export class LruCache<Key extends {}, Value extends {}> extends LRUCache<Key, Value> {
  constructor({ max, ...rest }: LruCacheOptions) {
    super({ ...rest, maxSize: max, sizeCalculation: () => 1 });
  }
}
