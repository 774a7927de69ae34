/** For handlers of events, which cannot wait: a failure is reported to the console of the browser. */
export function inBackground(task: Promise<unknown>): void {
  task.catch((error: unknown) => reportError(error));
}
