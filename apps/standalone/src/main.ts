import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InUse } from './in-use.js';
import { NETWORKS } from './networks.js';
import { Standalone } from './standalone.js';
import { openInBrowser } from './open-in-browser.js';
import { timings } from './timings.js';
import { welcome } from './welcome.js';

const HELP = `npm start: everything on this machine. Ctrl-C stops it.

Options (npm start -- --timings):
  --timings       when all is ready, print how long each phase took and how much memory each process has
  --help          print this text

Settings (environment):
  HUTONG_DATA     where data lives (default ./data); survives restarts
  HUTONG_NETWORKS the networks to start, with commas (default: all)
  HUTONG_PORTS    'any' takes free ports instead of the usual ones
  HUTONG_PROCESSES  'each' gives every app a process of its own (default: one for the hub without the console, one for all adapters)
  HUTONG_NODE_OPTIONS  options of Node for each process (default: those that keep the memory small)
  HUTONG_WALL     'off' starts without the wall of phones
  HUTONG_CALLS    'off' starts without Janus, and therefore without call pages
  HUTONG_CACHE    where downloaded engines are kept
${NETWORKS.flatMap(({ standalone }) => standalone?.help ?? []).join('\n')}
  NATS_URL        use this nats-server instead of our own (with BUS_AUTHORITY, the file of its seeds)
  DATABASE_URL    use this PostgreSQL instead of our own
`;

const { values } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' }, timings: { type: 'boolean' } },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const folder = resolve(process.env['HUTONG_DATA'] ?? 'data');
const began = Date.now();
const say = (text: string) =>
  process.stdout.write(`[${((Date.now() - began) / 1000).toFixed(1).padStart(5)} s] ${text}\n`);

let standalone: Standalone | undefined;
let stopping = false;

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  say('stopping ...');
  await standalone?.stop();
  say(`stopped; the data stays in ${folder}`);
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    stop(0).catch((error: unknown) => {
      process.stderr.write(`hutong could not stop in order: ${(error as Error).message}\n`);
      process.exit(1);
    });
  });

try {
  standalone = new Standalone(folder, say, process.env['HUTONG_NETWORKS']);
  const file = await standalone.start();
  const path = join(folder, 'standalone.json');
  say(`ready; described in ${path}`);
  process.stdout.write(welcome(file, path));
  if (file.wall) openInBrowser(file.wall.url);
  if (values.timings) process.stdout.write(timings(standalone.phases, standalone.memory()));
} catch (error) {
  const { message } = error as Error;
  // Nothing was started yet, so there is nothing to stop or to log.
  if (standalone === undefined) {
    process.stderr.write(`${error instanceof InUse ? message : `hutong could not start: ${message}`}\n`);
    process.exit(1);
  }
  process.stderr.write(`\nhutong could not start: ${message}\n`);
  await stop(1);
}
