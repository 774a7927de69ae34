/** The end of the business day for tests that close the current one: twelve hours from now, so that no test runs across it. */
import { DEFAULT_ZONE } from '#clearing';

export function farCutover(): string {
  const then = new Date(Date.now() + 12 * 3600_000);
  return then.toLocaleTimeString('en-GB', { timeZone: DEFAULT_ZONE, hour: '2-digit', minute: '2-digit' });
}
