/** The wall of phones of a standalone installation, in a process of its own. */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { createLog, helpIfAsked, runProcess } from '#service';
import { startWall } from '../../phones/src/wall.app.js';
import type { WallNetwork } from '../../phones/src/wall-network.js';
import { NETWORKS } from './networks.js';
import type { StandaloneFile } from './standalone-file.js';
import type { WallFile } from './wall.js';

helpIfAsked(
  'phones.main.js <file>: the wall of phones of an installation. npm start writes the file and starts this.\n',
);

const { installation, ffmpeg, ...own } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as WallFile;
const log = createLog('phones', 'info');

await runProcess(
  () => log,
  async () => {
    const { url, adminKey } = installation.console;
    const networks = withPhones(installation);
    const wall = await startWall(
      { ...own, networks, console: { url, adminKey }, ...(ffmpeg ? { ffmpeg } : {}) },
      log,
    );
    log.info({ http: wall.url }, 'started');
    return () => wall.close();
  },
);

function withPhones({ networks }: StandaloneFile): WallNetwork[] {
  return NETWORKS.flatMap(({ slug, standalone }) => {
    const part = networks[slug];
    const { look, person } = standalone ?? {};
    return part && look && person && part.accounts.length > 0 ? [{ slug, look, person, part }] : [];
  });
}
