/** All adapters of a standalone installation in one process; in production each has a process of its own. */
import { readFileSync } from 'node:fs';
import { adapterSettings, hostAdapter } from '#adapter-kit';
import { collectProcessMetrics, createLog, helpIfAsked, readSettings, runProcess, sleep } from '#service';
import type { AdaptersFile } from './adapters-file.js';
import { HostedApp, keepAll } from './hosted-app.js';
import { KeptChild } from './kept-child.js';
import { NETWORKS } from './networks.js';

helpIfAsked(
  'adapters.main.js <file>: the adapters of an installation in one process. npm start writes the file and starts this.\n',
);

const file = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as AdaptersFile;
const log = createLog('adapters', 'info');
const stopping = new AbortController();

/** Each adapter has its own loop, which restarts it after it ended or did not start; the others continue. */
function kept({ slug, env }: AdaptersFile['adapters'][number]): KeptChild<HostedApp> {
  const name = `adapter-${slug}`;
  const manifest = NETWORKS.find((network) => network.slug === slug);
  if (!manifest) throw new Error(`there is no network ${slug}`);
  const whole = { ...process.env, ...env };
  const own = createLog(name, readSettings(adapterSettings, whole).LOG_LEVEL);
  return new KeptChild(
    (onEnd) =>
      new HostedApp(
        name,
        async (refuse) => hostAdapter(name, await manifest.module(), whole, own, refuse, log),
        own,
        onEnd,
      ),
    { now: () => Date.now(), sleep: (ms) => sleep(ms, stopping.signal) },
    (text) => log.error({ network: slug }, text),
    () => log.info({ network: slug }, `${name} runs`),
  );
}

await runProcess(
  () => log,
  () => {
    collectProcessMetrics();
    const stop = keepAll(file.adapters.map(kept), log);
    return Promise.resolve(() => {
      stopping.abort();
      return stop();
    });
  },
);
