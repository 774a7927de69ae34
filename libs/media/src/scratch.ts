/** A folder for files in transit. Files that a crash left are deleted at the next start. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError } from '#protocol';

export interface Received {
  path: string;
  size: number;
  sha256: string;
}

export class Scratch {
  private constructor(private readonly folder: string) {}

  static open(folder: string): Scratch {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return new Scratch(folder);
  }

  /** A folder for this process. Folders of processes that have ended are deleted. */
  static ofProcess(parent: string, name: string): Scratch {
    for (const folder of readdirSync(parent)) {
      const [, pid = ''] = new RegExp(`^${name}-(\\d+)$`).exec(folder) ?? [];
      if (pid !== '' && !isAlive(Number(pid))) rmSync(join(parent, folder), { recursive: true, force: true });
    }
    return Scratch.open(join(parent, `${name}-${process.pid}`));
  }

  /** A new unique path. */
  path(): string {
    return join(this.folder, randomUUID());
  }

  /**
   * Writes a stream to a file, and counts and hashes it meanwhile; memory holds one chunk at a time.
   * @throws HubError 105 as soon as the stream exceeds `maxBytes`; whatever the stream throws
   */
  async receive(content: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Received> {
    const path = this.path();
    const hash = createHash('sha256');
    let size = 0;
    try {
      await using file = await open(path, 'wx', 0o600);
      for await (const chunk of content) {
        size += chunk.length;
        if (size > maxBytes) throw new HubError('105', `more than ${maxBytes} bytes`);
        hash.update(chunk);
        await file.write(chunk);
      }
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { path, size, sha256: hash.digest('hex') };
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
