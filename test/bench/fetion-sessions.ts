/** 10,000 idle Fetion ghosts: how long until all are logged in, and what they weigh. The service runs in a process of its own. */
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf, network } from '#protocol';
import { freePort } from '#engines';
import { HubFixture, until } from '../support/hub-fixture.js';
import { round } from './measure.js';
import type { Measured } from './path.js';
import { scaled, shortened, type Scale } from './scale.js';

const SESSIONS = 10_000;
const LOOK_MS = 2000;
/** After the last login, so that what it needed is collected. */
const SETTLE_MS = 5000;
const SERVICE = join('dist', 'test', 'bench', 'fetion-service.main.js');

export async function fetionSessionsBench(scale: Scale): Promise<Measured> {
  const count = scaled(SESSIONS, scale);
  const hub = await HubFixture.open();
  const service = fork(SERVICE, [String(count + 1)], { execArgv: ['--enable-source-maps'] });
  try {
    const told = await new Promise<{ url: string; accounts: string[] }>((resolve) =>
      service.once('message', (message) => resolve(message as { url: string; accounts: string[] })),
    );
    const creds = await hub.admit('fetion');
    await hub.serveSignOn(['fetion']);
    // As if each had been given away before: the adapter logs all of them in at its start.
    await hub.grant(
      'fetion',
      told.accounts
        .slice(1)
        .map((line, at) => [line.split(' ')[0] ?? '', addressOf(network('far'), `f${at}`)]),
    );
    const start = performance.now();
    const metricsPort = await freePort();
    const app = await hub.app('adapter-fetion', 'dist/apps/adapter-fetion/src/main.js', {
      NATS_CREDS: creds,
      FETION_NAVIGATION_URL: told.url,
      METRICS_PORT: String(metricsPort),
      FETION_ACCOUNTS: hub.file('accounts', told.accounts.join('\n')),
    });
    const sessions = async () =>
      Number(
        /hutong_adapter_sessions\S* (\d+)/.exec(
          await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
        )?.[1] ?? 0,
      );
    await until(
      `${count} sessions`,
      async () => {
        const up = await sessions();
        scale.note(`${up} sessions`);
        await new Promise((resolve) => setTimeout(resolve, shortened(LOOK_MS, scale)));
        return up >= count;
      },
      300_000,
    );
    const seconds = (performance.now() - start) / 1000;
    await new Promise((resolve) => setTimeout(resolve, shortened(SETTLE_MS, scale)));
    const status = readFileSync(`/proc/${app.child.pid}/status`, 'utf8');
    const rssMb = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    const figures = {
      secondsToLogIn: round(seconds),
      rssMb: round(rssMb),
      kbPerSession: round((rssMb * 1024) / count),
    };
    return {
      rows: [{ part: 'fetion', what: `${count} idle ghost sessions`, ...figures }],
      figures: { fetionSessionKb: figures.kbPerSession },
    };
  } finally {
    service.kill();
    await hub.close();
  }
}
