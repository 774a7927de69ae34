/** Adapters that share a process, as `npm start` has them: one that cannot start does not disturb the others. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { until } from './support/hub-fixture.js';
import { StandaloneFixture } from './support/standalone-fixture.js';

const SLUGS = ['fetion', 'yixin', 'feiliao'] as const;
type Slug = (typeof SLUGS)[number];

let whole: StandaloneFixture;
let squatter: Server | undefined;

beforeAll(async () => {
  whole = await StandaloneFixture.open([...SLUGS], { LOG_LEVEL: 'warn' });
});

afterAll(async () => {
  squatter?.close();
  await whole?.close();
});

function portOf(slug: Slug): number {
  const { adapters } = JSON.parse(readFileSync(join(whole.folder, 'adapters.json'), 'utf8')) as {
    adapters: { slug: string; env: { HTTP_PORT: string } }[];
  };
  return Number(adapters.find((adapter) => adapter.slug === slug)?.env.HTTP_PORT);
}

async function isReady(slug: Slug): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${portOf(slug)}/healthz/ready`)).ok;
  } catch {
    return false;
  }
}

function log(): string {
  return readFileSync(join(whole.folder, 'logs', 'adapters.log'), 'utf8');
}

async function metrics(): Promise<string> {
  const ports = [...log().matchAll(/"port":(\d+),"msg":"metrics"/g)];
  return (await fetch(`http://127.0.0.1:${ports.at(-1)?.[1]}/metrics`)).text();
}

/** The first to listen on the port has it: asks again while a process that is ending still has it. */
async function occupy(port: number): Promise<Server> {
  for (;;) {
    const server = createServer((socket) => socket.destroy());
    const occupied = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (occupied) return server;
  }
}

describe('three adapters in one process', () => {
  test('have one process, and each its own port, health and metrics', async () => {
    expect(whole.running()).toContain('adapters');
    expect(whole.running().filter((name) => name.startsWith('adapter-'))).toEqual([]);
    expect(new Set(SLUGS.map(portOf)).size).toBe(3);
    for (const slug of SLUGS) expect([slug, await isReady(slug)]).toEqual([slug, true]);
    const page = await metrics();
    for (const slug of SLUGS) {
      expect(page).toContain(`hutong_bus_connected{network="${slug}"} 1`);
      expect(page).toContain(`hutong_adapter_native_connected{network="${slug}"} 1`);
    }
  });

  test('one cannot start after a crash, because a stranger took its port: the others run, the log names it', async () => {
    whole.kill('adapters');
    squatter = await occupy(portOf('yixin'));
    await until('the log to name the adapter that does not start', () =>
      /"network":"yixin".*adapter-yixin ended \(.*EADDRINUSE.*\); starting it again, attempt 1 of 10/.test(
        log(),
      ),
    );
    await until('Fetion to be ready again', () => isReady('fetion'));
    await until('Feiliao to be ready again', () => isReady('feiliao'));
    expect(await isReady('yixin')).toBe(false);
    expect(log()).not.toMatch(/adapter-(fetion|feiliao) ended/);
  });

  test('the port is free again: it starts by itself, in the same process', async () => {
    const pid = readFileSync(join(whole.folder, 'run', 'adapters.pid'), 'utf8');
    squatter?.close();
    await until('Yixin to be ready again', () => isReady('yixin'));
    for (const slug of SLUGS) expect([slug, await isReady(slug)]).toEqual([slug, true]);
    expect(readFileSync(join(whole.folder, 'run', 'adapters.pid'), 'utf8')).toBe(pid);
  });

  test('Ctrl-C stops all of them', async () => {
    await whole.stop();
    for (const slug of SLUGS) expect([slug, await isReady(slug)]).toEqual([slug, false]);
  });
});
