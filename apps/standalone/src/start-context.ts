/** What every step of a start needs. */
import type { Installation } from '#network-manifest';
import type { Phases } from './phases.js';
import type { Secrets } from './secrets.js';
import type { Supervisor } from './supervisor.js';

export interface StartContext {
  installation: Installation;
  supervisor: Supervisor;
  secrets: Secrets;
  /** Measures the steps for `--timings`. */
  phases: Phases;
}

/** True if each app has a process of its own, as in production, instead of one for the hub and one for all adapters. */
export function appsAreSeparate(): boolean {
  return process.env['HUTONG_PROCESSES'] === 'each';
}
