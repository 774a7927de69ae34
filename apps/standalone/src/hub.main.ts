/**
 * Switch, recorder, clearing and media gateway of a standalone installation in one process; in production each has a process of
 * its own. The console, which the others need, has its own here too.
 */
import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { hostHubApp, type RunningApp } from '#hub-process';
import { collectProcessMetrics, createLog, helpIfAsked, runProcess, sleep, type Refuse } from '#service';
import { startClearing } from '../../clearing/src/clearing.app.js';
import { clearingSettings } from '../../clearing/src/clearing.config.js';
import { startMediaGateway } from '../../media-gateway/src/media-gateway.app.js';
import { mediaGatewaySettings } from '../../media-gateway/src/media-gateway.config.js';
import { startRecorder } from '../../recorder/src/recorder.app.js';
import { recorderSettings } from '../../recorder/src/recorder.config.js';
import { startSwitch } from '../../switch/src/switch.app.js';
import { switchSettings } from '../../switch/src/switch.config.js';
import { HostedApp, keepAll } from './hosted-app.js';
import type { HostedAppName, HubFile } from './hub-file.js';
import { KeptChild } from './kept-child.js';

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
const stopping = new AbortController();

/** Each app has its own loop, which restarts it after it ended or did not start; the others continue. */
function kept({ name, env }: HubFile['apps'][number]): KeptChild<HostedApp> {
  return new KeptChild(
    (onEnd) =>
      new HostedApp(
        name,
        async (refuse) => {
          const app = await START[name]({ ...process.env, ...env }, refuse);
          return { stop: () => app.close() };
        },
        log,
        onEnd,
      ),
    { now: () => Date.now(), sleep: (ms) => sleep(ms, stopping.signal) },
    (text) => log.error({ app: name }, text),
    () => log.info({ app: name }, `${name} runs`),
  );
}

await runProcess(
  () => log,
  () => {
    collectProcessMetrics();
    const stop = keepAll(file.apps.map(kept), log);
    return Promise.resolve(() => {
      stopping.abort();
      return stop();
    });
  },
);
