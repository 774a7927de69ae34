/** A case of the suite: what it proves, and the function that runs it on the bus. */
import type { Ask } from './report.js';
import { levelOf, type Capabilities, type CertificationLevel, type Feature } from '#protocol';
import type { CaseContext } from './case-context.js';

export interface Need {
  /** Name in the report. */
  what: string;
  /** Why the case was skipped. Absent: the adapter does not declare it. */
  missing?: string;
  isDeclared(capabilities: Capabilities, offers: readonly Ask[]): boolean;
}

export interface Documented {
  file: `${string}.md`;
  heading: string;
}

export interface CertificationCase {
  /** Id that is never reused for another case. */
  id: string;
  level: CertificationLevel;
  title: string;
  proves: string;
  /** What the author of an adapter that fails the case does about it. */
  remedy: string;
  /** Where that is documented: file in docs/, and heading. */
  documented: Documented;
  /** Maximum duration, ms. Absent: the same as of most cases. */
  limitMs?: number;
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

/** A feature that the network shows in its own form or as a fallback. */
export function shownSomehow(which: Feature): Need {
  return {
    what: `\`${which}\``,
    isDeclared: (capabilities) => levelOf(capabilities, which) >= 0,
  };
}

/** Something that the operator does on request, if they offered it at the start of the run. */
export function offer(which: Ask, what: string, missing: string): Need {
  return { what, missing, isDeclared: (_, offers) => offers.includes(which) };
}

/** Why the case is skipped: the adapter does not declare what it needs, or the operator did not offer it. Undefined: it is tried. */
export function whySkipped(
  { needs }: Pick<CertificationCase, 'needs'>,
  capabilities: Capabilities,
  offers: readonly Ask[],
): string | undefined {
  if (!needs || needs.isDeclared(capabilities, offers)) return undefined;
  return needs.missing ?? `the adapter does not declare ${needs.what.replaceAll('`', '')}`;
}
