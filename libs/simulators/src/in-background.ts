/** Runs a promise of a simulator that no caller awaits: an error is written to stderr, and the simulator continues. */
export function inBackground(task: string, work: () => unknown): void {
  const failed = (error: unknown): void => {
    process.stderr.write(
      `${task}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  };
  try {
    const result = work();
    if (result instanceof Promise) result.catch(failed);
  } catch (error) {
    failed(error);
  }
}
