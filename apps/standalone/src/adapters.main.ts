/** All adapters of a standalone installation in one process; in production each has a process of its own. */
import { readFileSync } from 'node:fs';
import { adapterSettings, hostAdapter, type HostedAdapter } from '#adapter-kit';
import { collectProcessMetrics, createLog, helpIfAsked, readSettings, runProcess } from '#service';
import type { AdaptersFile } from './adapters-file.js';
import { NETWORKS } from './networks.js';

helpIfAsked(
  'adapters.main.js <file>: the adapters of an installation in one process. npm start writes the file and starts this.\n',
);

const file = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as AdaptersFile;
const log = createLog('adapters', 'info');

await runProcess(
  () => log,
  async (refuse) => {
    collectProcessMetrics();
    const host = async ({ slug, env }: AdaptersFile['adapters'][number]): Promise<HostedAdapter> => {
      const manifest = NETWORKS.find((network) => network.slug === slug);
      if (!manifest) throw new Error(`there is no network ${slug}`);
      const whole = { ...process.env, ...env };
      const own = createLog(`adapter-${slug}`, readSettings(adapterSettings, whole).LOG_LEVEL);
      return hostAdapter(`adapter-${slug}`, await manifest.module(), whole, own, refuse);
    };
    const hosted = await Promise.all(file.adapters.map(host));
    return async () => {
      await Promise.all(hosted.map((adapter) => adapter.stop()));
    };
  },
);
