/** Waits for a fact, which the caller's test limits in time. */
const TURN_MS = 5;

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, TURN_MS));
}
