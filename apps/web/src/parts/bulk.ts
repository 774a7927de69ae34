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
