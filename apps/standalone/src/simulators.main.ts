/** The simulated networks of a standalone installation, in one process: their servers, their people, and the people's API. */
import { readFileSync } from 'node:fs';
import {
  answersEverything,
  FetionService,
  inBackground,
  OpenNetwork,
  PlatformSimulator,
  UsersApi,
  type SimulatedNetwork,
} from '#simulators';
import { helpIfAsked } from '#service';
import type { SimulatorsFile } from './simulators-file.js';

helpIfAsked(
  'simulators.main.js <file>: the simulated networks of an installation. npm start writes the file and starts this.\n',
);

const RETRY_MS = 500;

const file = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as SimulatorsFile;
const networks = new Map<string, SimulatedNetwork>();

if (file.fetion) networks.set('fetion', await FetionService.open(file.fetion));
for (const slug of ['wechat', 'yixin'] as const) {
  const wanted = file[slug];
  if (!wanted) continue;
  const platform = await PlatformSimulator.open(slug, wanted.options);
  networks.set(slug, platform);
  inBackground('callback', () => untilDone(() => platform.connectCallback(wanted.callbackUrl)));
}
for (const { adapterUrl, identity, ...options } of file.open) {
  const network = await OpenNetwork.open({
    ...options,
    ...(identity ? { identity: new RegExp(identity) } : {}),
  });
  networks.set(options.name, network);
  network.connect(adapterUrl);
}
for (const { network, native, act } of file.people) {
  const person = networks.get(network)?.person(native);
  if (act) await person?.act(act);
}
for (const { network, native } of file.loopbacks) {
  const person = networks.get(network)?.person(native);
  if (person) answersEverything(person);
}
const api = await UsersApi.open(networks, file.usersPort);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    inBackground('close', async () => {
      await Promise.all([api.close(), ...[...networks.values()].map((network) => network.close())]);
      process.exit(0);
    });
  });

/** The adapter starts later than its network. */
async function untilDone(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch {
      // Nobody is there yet, or the platform refuses the address as long as nobody answers.
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
