/** What `npm start -- --timings` prints: how long each phase of the start took, and the memory of each process. Pure. */
import type { Phase } from './phases.js';
import type { Memory, ProcessMemory } from './process-memory.js';

const NAME = 28;
const MB = 1_000_000;

/** @param memory undefined where it cannot be measured */
export function timings(phases: readonly Phase[], memory: readonly ProcessMemory[] | undefined): string {
  return ['', ...phaseLines(phases), '', ...memoryLines(memory), ''].join('\n');
}

function phaseLines(phases: readonly Phase[]): string[] {
  const ready = Math.max(0, ...phases.map(({ from, took }) => from + took));
  return [
    columns('  Phase', 'from s', 'took s'),
    ...phases.map(({ name, from, took }) => columns(`  ${name}`, seconds(from), seconds(took))),
    columns('  Ready after', '', seconds(ready)),
  ];
}

function memoryLines(memory: readonly ProcessMemory[] | undefined): string[] {
  if (memory === undefined)
    return ['  Memory was not measured: it is read from /proc, which only Linux has.'];
  const sum = (field: keyof Memory) => memory.reduce((total, each) => total + each[field], 0);
  return [
    columns('  Process', 'PSS MB', 'RSS MB'),
    ...memory.map(({ name, pid, processes, pss, rss }) =>
      columns(
        `  ${name} (${processes === 1 ? pid : `${processes} processes`})`,
        megabytes(pss),
        megabytes(rss),
      ),
    ),
    columns('  Total', megabytes(sum('pss')), megabytes(sum('rss'))),
    '  RSS counts memory that processes share once for each; PSS divides it among them.',
  ];
}

function columns(name: string, first: string, second: string): string {
  return `${name.padEnd(NAME)} ${first.padStart(8)} ${second.padStart(8)}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function megabytes(bytes: number): string {
  return (bytes / MB).toFixed(0);
}
