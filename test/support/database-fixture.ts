/** A real PostgreSQL for a test, with a migrated database, without the waiting for its disk; it can be killed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostgres, freePort, postgres, postgresUrl, required, type Child } from '#engines';
import { copyPostgresTemplate } from './postgres-template.js';

export class DatabaseFixture {
  private constructor(
    readonly server: Child,
    readonly port: number,
    private readonly folder: string,
  ) {}

  static async open(): Promise<DatabaseFixture> {
    const folder = mkdtempSync(join(tmpdir(), 'hutong-database-'));
    const port = await freePort();
    const found = required(
      'PostgreSQL',
      findPostgres(() => undefined),
    );
    await copyPostgresTemplate(join(folder, 'pg'));
    const server = postgres({ bin: found.paths.bin, folder: join(folder, 'pg'), port, unsafeForTests: true });
    await server.start();
    return new DatabaseFixture(server, port, folder);
  }

  url(name = 'hutong'): string {
    return postgresUrl(this.port, name);
  }

  /** After a crash: the processes of the old server must be gone before a new one may have their memory. */
  async restart(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.server.start();
      } catch (error) {
        if (attempt >= 60) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }

  async close(): Promise<void> {
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
