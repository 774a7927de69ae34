/**
 * The next batch from several queues: an equal share of each, filled up from those that have more. So what one queue holds waits
 * for no flood in another. Each queue gives its oldest entries, in order.
 */
export function evenBatch<T>(queues: Iterable<readonly T[]>, size: number): T[] {
  const filled = [...queues].filter((queue) => queue.length > 0);
  const share = Math.max(1, Math.floor(size / filled.length));
  const batch = filled.flatMap((queue) => queue.slice(0, share)).slice(0, size);
  for (const queue of filled) {
    if (batch.length >= size) break;
    batch.push(...queue.slice(share, share + size - batch.length));
  }
  return batch;
}
