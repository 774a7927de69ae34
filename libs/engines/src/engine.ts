/** Types shared by all engines: where an engine was found, or why not. */
export type Say = (text: string) => void;

export interface Found<Paths> {
  kind: 'found';
  from: 'environment' | 'path' | 'download';
  version: string;
  paths: Paths;
}

export interface Missing {
  kind: 'missing';
  why: string;
  /** What the operator can do about it. */
  remedy: string;
}

export type Search<Paths> = Found<Paths> | Missing;

export class EngineError extends Error {
  override readonly name = 'EngineError';
}

/** @throws EngineError when the engine was not found */
export function required<Paths>(engine: string, search: Search<Paths>): Found<Paths> {
  if (search.kind === 'found') return search;
  throw new EngineError(`${engine} cannot be had here: ${search.why}. ${search.remedy}`);
}

export function olderThan(version: string, least: string): boolean {
  const numbers = (text: string) => text.split(/[.-]/).map(Number);
  const [have, want] = [numbers(version), numbers(least)];
  for (let at = 0; at < want.length; at++) {
    const difference = (have[at] ?? 0) - (want[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
