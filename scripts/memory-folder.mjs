// Where tests keep the data of their servers: in memory, because nats-server and PostgreSQL write to disk for each message. A
// process that is killed loses nothing there, as on a disk. The tests of power cuts make a disk of their own.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const PREFIX = 'hutong-test-';
/** All tests that run at the same time need less than a quarter of this. */
const ENOUGH_BYTES = 4 * 1024 ** 3;

/** @returns a new folder in memory; undefined where there is too little, or where programs cannot be executed (a container) */
export function memoryFolder() {
  try {
    if (/^\S+ \/dev\/shm \S+ \S*\bnoexec\b/m.test(readFileSync('/proc/mounts', 'utf8'))) return undefined;
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize < ENOUGH_BYTES || freeMemory() < ENOUGH_BYTES) return undefined;
    removeLeftovers();
    return mkdtempSync(join(MEMORY, `${PREFIX}${process.pid}-`));
  } catch {
    // No Linux, or no such folder.
    return undefined;
  }
}

/** The limit of /dev/shm is half of the memory of the machine, however much of it is in use. */
function freeMemory() {
  return Number(/^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1] ?? 0) * 1024;
}

/** A run that was killed has left its folder, whose name holds the pid of that run. */
function removeLeftovers() {
  for (const name of readdirSync(MEMORY)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid)))
      rmSync(join(MEMORY, name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
