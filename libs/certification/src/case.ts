/** A case of the suite: what it proves, and the function that runs it on the bus. */
import { levelOf, type Capabilities, type CertificationLevel, type Feature } from '#protocol';
import type { CaseContext } from './case-context.js';

export interface Need {
  /** Name in the report. */
  what: string;
  isDeclared(capabilities: Capabilities): boolean;
}

export interface CertificationCase {
  /** Id that is never reused for another case. */
  id: string;
  level: CertificationLevel;
  title: string;
  proves: string;
  /** Skipped if the adapter does not declare this. Absent: every adapter must pass. */
  needs?: Need;
  /** Resolves if the case passes. @throws CaseFailed */
  run(context: CaseContext): Promise<void>;
}

/** A feature that this version of the protocol may not have yet. */
export function feature(name: string): Need {
  return {
    what: `\`${name}\``,
    isDeclared: (capabilities) => (levelOf(capabilities, name as Feature) ?? -1) > 0,
  };
}
