/** The simulated networks of a standalone installation, in one process: their servers, their people, and the people's API. */
import { readFileSync } from 'node:fs';
import type { SimulatedNetwork } from '#simulators';
import { inBackground } from '#simulators/in-background';
import { UsersApi } from '#simulators/users-api';
import { helpIfAsked } from '#service/help-option';
import { NETWORKS } from './networks.js';
import type { SimulatorsFile } from './simulators-file.js';

helpIfAsked(
  'simulators.main.js <file>: the simulated networks of an installation. npm start writes the file and starts this.\n',
);

const file = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as SimulatorsFile;
const running = new Map<string, SimulatedNetwork>();

for (const [slug, people] of Object.entries(file.peopleOf)) {
  const simulator = NETWORKS.find((network) => network.slug === slug)?.standalone?.simulator;
  if (!simulator) throw new Error(`${slug} has no simulator`);
  running.set(slug, await simulator.start(file[slug] as never, people));
}
const api = await UsersApi.open(running, file.usersPort);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    inBackground('close', async () => {
      await Promise.all([api.close(), ...[...running.values()].map((network) => network.close())]);
      process.exit(0);
    });
  });
