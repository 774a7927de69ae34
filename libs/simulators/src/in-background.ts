/** Work of a simulator that nobody awaits: what it throws is told on stderr, and the simulator goes on. */
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
