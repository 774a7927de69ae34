/**
 * Switch, recorder, clearing and media gateway of a standalone installation in one process; in production each has a process of
 * its own. The console, which the others need, has its own here too.
 */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { hostHubApp, type RunningApp } from '#hub-process';
import { createLog, helpIfAsked, type Refuse } from '#service';
import { startClearing } from '../../clearing/src/clearing.app.js';
import { clearingSettings } from '../../clearing/src/clearing.config.js';
import { startMediaGateway } from '../../media-gateway/src/media-gateway.app.js';
import { mediaGatewaySettings } from '../../media-gateway/src/media-gateway.config.js';
import { startRecorder } from '../../recorder/src/recorder.app.js';
import { recorderSettings } from '../../recorder/src/recorder.config.js';
import { startSwitch } from '../../switch/src/switch.app.js';
import { switchSettings } from '../../switch/src/switch.config.js';
import type { HostedAppName, HubFile } from './hub-file.js';
import { runHosted } from './run-hosted.js';

helpIfAsked(
  'hub.main.js <file>: switch, recorder, clearing and media gateway in one process. npm start writes the file and starts this.\n',
);

type Start = (env: NodeJS.ProcessEnv, refuse: Refuse) => Promise<RunningApp>;

const START: Record<HostedAppName, Start> = {
  switch: (env, refuse) => hostHubApp('switch', switchSettings, startSwitch, env, refuse),
  recorder: (env, refuse) => hostHubApp('recorder', recorderSettings, startRecorder, env, refuse),
  clearing: (env, refuse) => hostHubApp('clearing', clearingSettings, startClearing, env, refuse),
  'media-gateway': (env, refuse) =>
    hostHubApp('media-gateway', mediaGatewaySettings, startMediaGateway, env, refuse),
};

const file = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as HubFile;
const log = createLog('hub', 'info');

await runHosted(
  log,
  file.apps.map(({ name, env }) => ({
    name,
    label: { app: name },
    host: async (refuse) => {
      const app = await START[name]({ ...process.env, ...env }, refuse);
      return { stop: () => app.close() };
    },
    log,
  })),
);
