/** Does one thing after the other, and tells how far it is. A failure does not stop the rest. */
export interface BulkResult {
  done: number;
  failed: { item: string; error: unknown }[];
}

export async function inBulk(
  items: readonly string[],
  run: (item: string) => Promise<unknown>,
  progress: (result: BulkResult) => void,
): Promise<BulkResult> {
  const result: BulkResult = { done: 0, failed: [] };
  for (const item of items) {
    try {
      await run(item);
      result.done++;
    } catch (error) {
      result.failed.push({ item, error });
    }
    progress({ done: result.done, failed: [...result.failed] });
  }
  return result;
}

/** What became of each item, as far as it is: failures first. */
export function resultOfEach(
  items: readonly string[],
  { done, failed }: BulkResult,
): { item: string; error?: unknown }[] {
  const withError = new Set(failed.map(({ item }) => item));
  const handled = items.slice(0, done + failed.length);
  return [...failed, ...handled.filter((item) => !withError.has(item)).map((item) => ({ item }))];
}
