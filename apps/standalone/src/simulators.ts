/** Starts the process of all simulators, for networks whose real servers are not available. */
import { writeSecretFile, type Installation, type NetworkManifest } from '#network-manifest';
import type { SimulatorsFile } from './simulators-file.js';
import type { Supervisor } from './supervisor.js';
import { USUAL_PORTS } from './usual-ports.js';

export const PEOPLE_PORT = 'simulated-people';

export async function startSimulators(
  installation: Installation,
  supervisor: Supervisor,
  networks: readonly NetworkManifest[],
): Promise<void> {
  const simulated = networks.flatMap(({ slug, standalone }) =>
    standalone?.simulator ? [{ slug, standalone, simulator: standalone.simulator }] : [],
  );
  const [first] = simulated;
  if (!first) return;
  const usersPort = await installation.ports.choose(PEOPLE_PORT, USUAL_PORTS[PEOPLE_PORT]);
  const file: SimulatorsFile = {
    usersPort,
    peopleOf: Object.fromEntries(
      simulated.map(({ slug, standalone }) => [
        slug,
        standalone.people(installation).map(({ native }) => native),
      ]),
    ),
    ...Object.fromEntries(simulated.map(({ slug, simulator }) => [slug, simulator.options(installation)])),
  };
  await supervisor.script(
    'simulators',
    [
      'dist/apps/standalone/src/simulators.main.js',
      writeSecretFile(installation.folder, 'simulators.json', JSON.stringify(file)),
    ],
    { all: [`http://127.0.0.1:${usersPort}/${first.slug}`] },
  );
}
