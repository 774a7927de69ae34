/**
 * A power cut on one machine: the data lies on a file system of its own in an image file. A copy of the image, made without
 * any sync while every writer stands still, is what the disk holds if the power goes now: what the inner file system has
 * not written back is not in it. Then the writers are killed and start again on the copy.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep } from '#service';

const GIGABYTES = 16;

/** Why no play with a power cut runs on this machine; undefined: they do. */
export function whyNoPowerCut(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  if (process.getuid?.() !== 0) return 'needs root for loop devices';
  let disk: Disk | undefined;
  try {
    disk = Disk.open();
    return undefined;
  } catch (error) {
    return `no loop device with ext4: ${(error as Error).message.split('\n').join(' ')}`;
  } finally {
    disk?.close();
  }
}

/** `test` where power can be cut; elsewhere a skip, which the reporter names and counts as not run. */
export function playOrSkip(): { play: typeof test; reason: string | undefined } {
  const reason = whyNoPowerCut();
  if (reason === undefined) return { play: test, reason };
  process.stderr.write(`NOT RUN: every play with a power cut (${reason})\n`);
  return { play: test.skip, reason };
}

export class Disk {
  private image: string;
  private copies = 0;

  private constructor(
    private readonly folder: string,
    /** Where the file system is mounted. */
    readonly path: string,
  ) {
    this.image = join(folder, 'disk-0.img');
  }

  static open(): Disk {
    const folder = mkdtempSync(join(tmpdir(), 'hutong-disk-'));
    const disk = new Disk(folder, join(folder, 'mounted'));
    try {
      mkdirSync(disk.path);
      execFileSync('truncate', ['-s', `${GIGABYTES}G`, disk.image]);
      execFileSync('mkfs.ext4', ['-q', '-F', disk.image], { stdio: 'pipe' });
      disk.mount();
      return disk;
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** @param pids who writes there; they are gone afterwards, and the disk holds what it held before */
  async cut(pids: readonly number[]): Promise<void> {
    for (const pid of pids) signal(pid, 'SIGSTOP');
    const copy = join(this.folder, `disk-${++this.copies}.img`);
    execFileSync('cp', ['--sparse=always', this.image, copy]);
    for (const pid of pids) signal(pid, 'SIGKILL');
    // A new PostgreSQL refuses to start while the process of the old one has not been taken down.
    while (pids.some((pid) => existsSync(`/proc/${pid}`))) await sleep(20);
    this.unmount();
    rmSync(this.image);
    this.image = copy;
    this.mount();
  }

  close(): void {
    this.unmount();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private mount(): void {
    // What has not been written after five seconds is the inner file system's own affair: never of help here.
    execFileSync('mount', ['-o', 'loop,commit=300', this.image, this.path], { stdio: 'pipe' });
  }

  private unmount(): void {
    for (let attempt = 1; ; attempt++) {
      try {
        execFileSync('umount', [this.path], { stdio: 'pipe' });
        return;
      } catch (error) {
        // The killed processes are still being taken down.
        if (attempt >= 100) throw error;
        execFileSync('sleep', ['0.1']);
      }
    }
  }
}

/** A process and all that it started, parents first. */
export function processTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    const stat = `/proc/${entry}/stat`;
    if (!/^\d+$/.test(entry) || !existsSync(stat)) continue;
    const parent = parentIn(stat);
    if (parent !== undefined) parents.set(Number(entry), parent);
  }
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree;
}

/** The fields after the command name in brackets: state, parent. */
function parentIn(stat: string): number | undefined {
  try {
    const text = readFileSync(stat, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
