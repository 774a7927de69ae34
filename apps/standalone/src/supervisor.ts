/** Starts processes, starts again what dies, stops all in reverse order; their pids are in data/run. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answersHttp, Child, type Say } from '#engines';
import { backoff, sleep } from '#service';

type Make = (onCrash: (how: string) => void) => Child;

export class Supervisor {
  private readonly children: Child[] = [];
  private stopping = false;

  constructor(
    private readonly folder: string,
    private readonly say: Say,
  ) {
    rmSync(join(folder, 'run'), { recursive: true, force: true });
    mkdirSync(join(folder, 'run'), { recursive: true });
  }

  async run(make: Make): Promise<Child> {
    const child: Child = make((how) => void this.revive(child, how));
    await child.start();
    this.children.push(child);
    this.notePid(child);
    return child;
  }

  /** One of our own apps, compiled, as a process of its own. Several networks may be served by one kind of adapter. */
  app(name: string, port: number, env: NodeJS.ProcessEnv, kind = name): Promise<Child> {
    return this.script(
      name,
      [join('dist', 'apps', kind, 'src', 'main.js')],
      `http://127.0.0.1:${port}/healthz/live`,
      { HTTP_PORT: String(port), METRICS_PORT: '0', ...env },
    );
  }

  /** @param ready URL that answers when it is up */
  script(name: string, args: string[], ready: string, env: NodeJS.ProcessEnv = {}): Promise<Child> {
    return this.run(
      (onCrash) =>
        new Child(
          {
            name,
            command: process.execPath,
            args: ['--enable-source-maps', ...args],
            env: { ...process.env, ...env },
            logFile: join(this.folder, 'logs', `${name}.log`),
            ready: () => answersHttp(ready),
          },
          onCrash,
        ),
    );
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const child of this.children.reverse()) await child.stop();
    rmSync(join(this.folder, 'run'), { recursive: true, force: true });
  }

  private async revive(child: Child, how: string): Promise<void> {
    for (let attempt = 1; !this.stopping; attempt++) {
      this.say(`${child.spec.name} ended (${how}); starting it again`);
      await sleep(backoff(attempt, 500, 10_000));
      if (this.stopping) return;
      try {
        await child.start();
        this.notePid(child);
        return;
      } catch (error) {
        how = (error as Error).message;
      }
    }
  }

  private notePid(child: Child): void {
    writeFileSync(join(this.folder, 'run', `${child.spec.name}.pid`), String(child.pid));
  }
}
