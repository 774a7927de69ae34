/** Starts processes, restarts those that end, and stops all in reverse order. Their pids are in data/run. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answersHttp, Child, type Say } from '#engines';
import { sleep } from '#service/retry';
import { KeptChild, type Clock } from './kept-child.js';
import { nodeOptions } from './node-options.js';

type Make = (onCrash: (how: string) => void) => Child;

export class Supervisor {
  private readonly children: KeptChild<Child>[] = [];
  private readonly stopping = new AbortController();
  private readonly clock: Clock = {
    now: () => Date.now(),
    sleep: (ms) => sleep(ms, this.stopping.signal),
  };

  constructor(
    private readonly folder: string,
    private readonly say: Say,
  ) {
    rmSync(join(folder, 'run'), { recursive: true, force: true });
    mkdirSync(join(folder, 'run'), { recursive: true });
  }

  /** @throws when the first start fails; after a successful start it is restarted whenever it ends */
  async run(make: Make): Promise<Child> {
    const kept = new KeptChild(make, this.clock, this.say, (child) => this.notePid(child));
    this.children.push(kept);
    await kept.start();
    return kept.child;
  }

  /** Starts one of our compiled apps as a separate process. One kind of adapter can serve several networks. */
  app(name: string, port: number, env: NodeJS.ProcessEnv, kind = name): Promise<Child> {
    return this.script(
      name,
      [join('dist', 'apps', kind, 'src', 'main.js')],
      { all: [liveAt(port)] },
      { HTTP_PORT: String(port), METRICS_PORT: '0', ...env },
    );
  }

  /** @param ready URLs; the process is ready when all of them answer, or any */
  script(
    name: string,
    args: string[],
    ready: { all: readonly string[] } | { any: readonly string[] },
    env: NodeJS.ProcessEnv = {},
  ): Promise<Child> {
    return this.run(
      (onCrash) =>
        new Child(
          {
            name,
            command: process.execPath,
            args: [...nodeOptions(), ...args],
            env: { ...process.env, ...env },
            logFile: join(this.folder, 'logs', `${name}.log`),
            ready: () => answered(ready),
          },
          onCrash,
        ),
    );
  }

  /** Pids of the processes that run, by name. */
  get pids(): ReadonlyMap<string, number> {
    return new Map(
      this.children.flatMap(({ child: { spec, pid, running } }) =>
        running && pid !== undefined ? [[spec.name, pid] as const] : [],
      ),
    );
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    for (const kept of this.children.toReversed()) await kept.stop();
    rmSync(join(this.folder, 'run'), { recursive: true, force: true });
  }

  private notePid(child: Child): void {
    writeFileSync(join(this.folder, 'run', `${child.spec.name}.pid`), String(child.pid));
  }
}

export function liveAt(port: number): string {
  return `http://127.0.0.1:${port}/healthz/live`;
}

async function answered(ready: { all: readonly string[] } | { any: readonly string[] }): Promise<boolean> {
  if ('any' in ready) return Promise.any(ready.any.map(answersHttp));
  return (await Promise.all(ready.all.map(answersHttp))).every(Boolean);
}
