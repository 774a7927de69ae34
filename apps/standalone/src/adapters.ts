/** Registers the networks with the console, starts their adapters, and waits until they have signed on. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { isStillValid } from '#bus/credentials-file';
import { writeSecretFile, type NetworkManifest } from '#network-manifest';
import { sleep } from '#service/retry';
import type { AdaptersFile } from './adapters-file.js';
import { ConsoleClient } from './console-client.js';
import { companyOf } from './demonstration-companies.js';
import { appsAreSeparate, type StartContext } from './start-context.js';
import { liveAt } from './supervisor.js';

const READY_MS = 90_000;
/** Each uses a connection of the console to PostgreSQL, for which PostgreSQL runs a process. */
const ADMITTED_AT_ONCE = 3;

type CommonEnvironment = NodeJS.ProcessEnv & { NATS_URL: string };

export async function startAdapters(
  context: StartContext,
  networks: NetworkManifest[],
  client: ConsoleClient,
  common: CommonEnvironment,
): Promise<void> {
  const { installation, supervisor, phases } = context;
  const envs = await phases.measure('admission of networks', () =>
    pLimit(ADMITTED_AT_ONCE).map(networks, (network) => environmentOf(context, network, client, common)),
  );
  const ports = networks.map(({ slug }) => installation.ports.of(`adapter-${slug}`));
  if (appsAreSeparate()) {
    await Promise.all(
      networks.map(({ slug, app }, at) => {
        const name = `adapter-${slug}`;
        return phases.measure(name, () => supervisor.app(name, ports[at] ?? 0, envs[at] ?? {}, app));
      }),
    );
    return;
  }
  const adapters = networks.map(({ slug }, at) => ({
    slug,
    env: { HTTP_PORT: String(ports[at]), ...envs[at] },
  }));
  const file: AdaptersFile = { adapters };
  const written = writeSecretFile(installation.folder, 'adapters.json', JSON.stringify(file));
  await phases.measure('adapters', () =>
    supervisor.script(
      'adapters',
      ['dist/apps/standalone/src/adapters.main.js', written],
      { any: ports.map(liveAt) },
      { METRICS_PORT: '0' },
    ),
  );
}

/** Registers the network, and returns the settings of its adapter. */
async function environmentOf(
  context: StartContext,
  network: NetworkManifest,
  client: ConsoleClient,
  common: CommonEnvironment,
): Promise<NodeJS.ProcessEnv> {
  const { installation, secrets } = context;
  const { slug, name, standalone } = network;
  await client.admit(slug, name, { terms: companyOf(network), secondKey: secrets.secondAdminKey });
  const operator = await operatorOf(context, slug, client);
  await operator.acceptByRule();
  const { routes = [], ladder } = standalone ?? {};
  const areNew = await client.leadNumbers(slug, routes, secrets.secondAdminKey);
  if (areNew && ladder) await operator.setLadder(slug, ladder);
  return {
    ...common,
    NETWORK: slug,
    NATS_CREDS: await credentialsOf(installation.folder, slug, operator),
    MEDIA_FOLDER: join(installation.folder, 'transit', slug),
    ...standalone?.environment(installation),
  };
}

async function operatorOf(
  { secrets }: StartContext,
  slug: string,
  client: ConsoleClient,
): Promise<ConsoleClient> {
  const key = secrets.keyOf(`operator-${slug}`);
  await client.ensureOperator(slug, key, secrets.secondAdminKey);
  return new ConsoleClient(client.url, key);
}

/** The file of an earlier start, unless its credentials have expired. */
async function credentialsOf(folder: string, slug: string, operator: ConsoleClient): Promise<string> {
  const name = `adapter-${slug}.creds`;
  const file = join(folder, name);
  if (existsSync(file) && isStillValid(readFileSync(file, 'utf8'))) return file;
  return writeSecretFile(folder, name, await operator.replaceCredentials(slug));
}

/** @throws Error that names the networks whose adapters did not sign on in time */
export async function untilSignedOn(
  folder: string,
  client: ConsoleClient,
  networks: NetworkManifest[],
): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    const known = await client.networks();
    const waiting = networks.filter(
      ({ slug, standalone }) =>
        !known.some(
          ({ network, adapter }) =>
            network === slug && adapter.signedOn && (standalone?.waits === true || adapter.nativeConnected),
        ),
    );
    if (waiting.length === 0) return;
    if (Date.now() > deadline)
      throw new Error(
        `${waiting.map(({ slug }) => slug).join(' and ')} did not sign on: see ${join(folder, 'logs')}`,
      );
    await sleep(100);
  }
}
