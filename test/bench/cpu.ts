/** CPU time of the processes that the bench started, user and system, from /proc. It depends less on a busy machine than any latency. */
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks in a second, as Linux reports them in /proc on every architecture. */
const TICKS_PER_SECOND = 100;
const MICROSECONDS = 1_000_000;

interface Stat {
  parent: number;
  /** Of the process and of its children that have ended. */
  ticks: number;
}

/** undefined: the process has ended meanwhile. */
function statOf(pid: string): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may contain spaces.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent = 0, ...times] = [1, 11, 12, 13, 14].map((at) => Number(fields[at]));
    return { parent, ticks: times.reduce((sum, time) => sum + time, 0) };
  } catch {
    return undefined;
  }
}

/** CPU time of a process and all its descendants until now, us. */
export function cpuOfTree(root: number): number {
  return treeOf(root).reduce((sum, { ticks }) => sum + ticks, 0) * (MICROSECONDS / TICKS_PER_SECOND);
}

/** CPU time of everything that this process started and that still runs, without this process, us. */
export function cpuOfStarted(): number {
  const [own, ...started] = treeOf(process.pid);
  if (!own) throw new Error('no /proc: the bench measures CPU time on Linux only');
  return started.reduce((sum, { ticks }) => sum + ticks, 0) * (MICROSECONDS / TICKS_PER_SECOND);
}

/** The process first. */
function treeOf(root: number): Stat[] {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(name) : undefined;
    if (stat) stats.set(Number(name), stat);
  }
  const isInTree = (pid: number): boolean => {
    if (pid === root) return true;
    const parent = stats.get(pid)?.parent;
    return parent !== undefined && parent > 1 && isInTree(parent);
  };
  const own = stats.get(root);
  const others = [...stats].filter(([pid]) => pid !== root && isInTree(pid)).map(([, stat]) => stat);
  return own ? [own, ...others] : others;
}
