import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for files that a test needs until its end: made at the first use, and removed with all files in it. */
export class TemporaryFolder {
  private made: string | undefined;

  get path(): string {
    this.made ??= mkdtempSync(join(tmpdir(), 'hutong-contract-'));
    return this.made;
  }

  /** @returns the path of a new file. Its name is kept, because people see it: each file has a folder of its own */
  newFile(name: string): string {
    return join(mkdtempSync(join(this.path, 'file-')), name);
  }

  remove(): void {
    if (this.made !== undefined) rmSync(this.made, { recursive: true, force: true });
    this.made = undefined;
  }
}
