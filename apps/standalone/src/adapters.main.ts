/** All adapters of a standalone installation in one process; in production each has a process of its own. */
import { readFileSync } from 'node:fs';
import { adapterSettings, hostAdapter } from '#adapter-kit';
import { createLog, helpIfAsked, readSettings } from '#service';
import type { AdaptersFile } from './adapters-file.js';
import { NETWORKS } from './networks.js';
import { runHosted, type Hosted } from './run-hosted.js';

helpIfAsked(
  'adapters.main.js <file>: the adapters of an installation in one process. npm start writes the file and starts this.\n',
);

const file = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as AdaptersFile;
const log = createLog('adapters', 'info');

function hosted({ slug, env }: AdaptersFile['adapters'][number]): Hosted {
  const name = `adapter-${slug}`;
  const manifest = NETWORKS.find((network) => network.slug === slug);
  if (!manifest) throw new Error(`there is no network ${slug}`);
  const whole = { ...process.env, ...env };
  const own = createLog(name, readSettings(adapterSettings, whole).LOG_LEVEL);
  return {
    name,
    label: { network: slug },
    host: async (refuse) => hostAdapter(name, await manifest.module(), whole, own, refuse, log),
    log: own,
  };
}

await runHosted(log, file.adapters.map(hosted));
