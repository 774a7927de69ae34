/**
 * Memory of processes as Linux reports it. RSS counts memory that several processes share (programs, libraries, PostgreSQL's
 * buffers) once for each of them; PSS divides it among them, so the sum of PSS is the memory that the machine really uses.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface Memory {
  /** bytes */
  pss: number;
  /** bytes */
  rss: number;
}

export interface ProcessMemory extends Memory {
  name: string;
  pid: number;
  /** Processes that are counted in this row: the process and those that it started. */
  processes: number;
}

/** npm, and a wrapper between it and the program; scripts/start.sh leaves none. */
const WRAPPER = /\b(?:run\.mjs|start\.sh)\b|^npm\b/;

/** @param text of /proc/<pid>/smaps_rollup, which is in kB. @returns undefined for a text without the two sums */
export function parseSmapsRollup(text: string): Memory | undefined {
  const bytesOf = (field: string) => {
    const kB = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    return kB === undefined ? undefined : Number(kB) * 1024;
  };
  const [pss, rss] = [bytesOf('Pss'), bytesOf('Rss')];
  return pss === undefined || rss === undefined ? undefined : { pss, rss };
}

/** @param text of /proc/<pid>/stat, whose second field may hold spaces and parentheses */
export function parentOf(text: string): number {
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
}

/**
 * @param named pids of the processes that an installation started, with their names
 * @returns one row for each, the process of `npm start` and its wrappers first; undefined where there is no /proc (not Linux)
 */
export function measureMemory(named: ReadonlyMap<string, number>): ProcessMemory[] | undefined {
  const parents = parentsOfAll();
  if (parents === undefined) return undefined;
  const owned = new Set(named.values());
  const main = row('main', [process.pid, ...descendants(process.pid, parents, owned)]);
  const wrappers = wrappersOf(process.pid, parents).map((pid) => row('wrapper of npm', [pid]));
  const children = [...named].map(([name, pid]) => row(name, [pid, ...descendants(pid, parents, owned)]));
  return [...wrappers, main, ...children].filter((each) => each !== undefined);
}

function parentsOfAll(): Map<number, number> | undefined {
  if (!existsSync('/proc')) return undefined;
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid));
  const parents = new Map<number, number>();
  for (const pid of pids) {
    const stat = read(pid, 'stat');
    if (stat !== undefined) parents.set(pid, parentOf(stat));
  }
  return parents.size > 0 ? parents : undefined;
}

/** All descendants of a process, except those that have a separate row. */
function descendants(
  pid: number,
  parents: ReadonlyMap<number, number>,
  owned: ReadonlySet<number>,
): number[] {
  const own = [...parents].filter(([child, parent]) => parent === pid && !owned.has(child));
  return own.flatMap(([child]) => [child, ...descendants(child, parents, owned)]);
}

function wrappersOf(pid: number, parents: ReadonlyMap<number, number>): number[] {
  const parent = parents.get(pid);
  if (parent === undefined || !WRAPPER.test(read(parent, 'cmdline')?.replaceAll('\0', ' ') ?? '')) return [];
  return [...wrappersOf(parent, parents), parent];
}

/** @returns undefined for a process that has ended, or that another user owns */
function row(name: string, pids: readonly number[]): ProcessMemory | undefined {
  const measured = pids
    .map((pid) => parseSmapsRollup(read(pid, 'smaps_rollup') ?? ''))
    .filter((memory) => memory !== undefined);
  const [pid] = pids;
  if (measured.length === 0 || pid === undefined) return undefined;
  const sum = (field: keyof Memory) => measured.reduce((total, memory) => total + memory[field], 0);
  return { name, pid, processes: measured.length, pss: sum('pss'), rss: sum('rss') };
}

/** The process has ended, or another user owns it. */
const UNREADABLE = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM']);

/** @returns undefined when the process has ended, or another user owns it */
function read(pid: number, file: 'stat' | 'cmdline' | 'smaps_rollup'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (thrown) {
    if (UNREADABLE.has((thrown as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw thrown;
  }
}
