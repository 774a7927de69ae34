/** A case of the suite: data about what it proves, and a play on the bus that proves it. */
import { levelOf, type Capabilities, type CertificationLevel, type Feature } from '#protocol';
import type { CaseContext } from './case-context.js';

export interface Need {
  /** As the report names it. */
  what: string;
  isDeclared(capabilities: Capabilities): boolean;
}

export interface CertificationCase {
  /** Never used again for anything else. */
  id: string;
  level: CertificationLevel;
  title: string;
  proves: string;
  /** Skipped, without harm, where the adapter does not declare it. Absent: every adapter has to. */
  needs?: Need;
  /** Resolves when it is proved. @throws CaseFailed */
  run(context: CaseContext): Promise<void>;
}

/** A feature, some of which this version of the protocol may not know yet. */
export function feature(name: string): Need {
  return {
    what: `\`${name}\``,
    isDeclared: (capabilities) => (levelOf(capabilities, name as Feature) ?? -1) > 0,
  };
}
