/** `npm run adapter-open -- --network <slug>`: starts the adapter of the open interface for a network, on a running exchange. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listens } from '#engines';
import { Network } from '#protocol';
import { admitGuest, guestSecrets } from './guest-network.js';
import { NETWORKS } from './networks.js';
import { readStandaloneFile } from './standalone-file.js';

/** Any network of the open interface has the same adapter. */
const OPEN = NETWORKS.find(({ slug }) => slug === 'sandbox');
const DEFAULT_PORT = 8190;

const HELP = `npm run adapter-open -- --network <slug>: joins a network to a running exchange through the open interface.

  --network <slug>   slug of the network
  --profile <name>   ids and abilities of the network; default: generic
  --webhook <URL>    where the network takes events; without it, the network opens a WebSocket
  --port <number>    port of the REST interface for the network; default: ${DEFAULT_PORT}
  --shared-key <key> key that the network and the adapter share, 32 characters or more; default: OPEN_KEY, or one that is made and kept

Without more, the exchange is the installation of this machine (npm start): the network is registered there if it is new.
For another exchange:

  --nats <URL>       its bus: tls://bus.example.net:4222
  --creds <file>     credentials file, which an operator of the network issues at its console
  --ca <file>        CA certificate of the bus (PEM)

HUTONG_DATA is the data folder of the installation (default: ./data). All settings: docs/generated/settings.md.
`;

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

function given() {
  try {
    return parseArgs({
      options: {
        help: { type: 'boolean', short: 'h' },
        network: { type: 'string' },
        profile: { type: 'string' },
        webhook: { type: 'string' },
        port: { type: 'string' },
        'shared-key': { type: 'string' },
        nats: { type: 'string' },
        creds: { type: 'string' },
        ca: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return fail(`${(error as Error).message}. --help lists the options.`);
  }
}

type Options = ReturnType<typeof given>;

/** Bus settings and shared key. */
async function joined(network: string, options: Options): Promise<NodeJS.ProcessEnv> {
  const { nats, creds, ca, 'shared-key': sharedKey = process.env['OPEN_KEY'] } = options;
  if (creds !== undefined) {
    if (nats === undefined) fail('--creds needs --nats: the address of the bus that the credentials are for');
    if (!existsSync(creds))
      fail(
        `${creds} does not exist: an operator of ${network} issues it, POST /v1/networks/${network}/credentials`,
      );
    if (sharedKey === undefined)
      fail('--creds needs --shared-key, or OPEN_KEY: the key that the network uses too');
    return { NATS_URL: nats, NATS_CREDS: creds, OPEN_KEY: sharedKey, ...(ca ? { NATS_CA: ca } : {}) };
  }
  const folder = resolve(process.env['HUTONG_DATA'] ?? 'data');
  const installation = readStandaloneFile(folder);
  if (!installation)
    fail(
      `no exchange runs in ${folder}: start one (npm start) and wait until it is ready, set HUTONG_DATA, or give --nats and --creds`,
    );
  if (network in installation.networks)
    fail(
      `${network} is run by npm start itself: its key is in ${folder}/standalone.json; choose another slug`,
    );
  const secrets = guestSecrets(folder, network);
  const file = await admitGuest(folder, installation.console, network, secrets).catch((error: Error) =>
    fail(
      `${network} could not be registered at ${installation.console.url}: ${error.message}. Does npm start still run?`,
    ),
  );
  const key = sharedKey ?? secrets.sharedKey;
  if (sharedKey === undefined) process.stdout.write(`the shared key is in ${secrets.file} ("sharedKey")\n`);
  return { NATS_URL: installation.nats.url, NATS_CREDS: file, OPEN_KEY: key };
}

const options = given();
if (options.help || options.network === undefined || !OPEN) {
  process.stdout.write(HELP);
  process.exit(options.help ? 0 : 1);
}
const slug = Network.safeParse(options.network);
if (!slug.success) fail(`--network ${options.network}: ${slug.error.issues[0]?.message}`);
const port = Number(options.port ?? DEFAULT_PORT);
if (!Number.isInteger(port) || port < 1 || port > 65_535) fail(`--port ${options.port}: expected 1 to 65535`);
if (await listens(port)) fail(`port ${port} is in use: choose another one with --port`);
Object.assign(process.env, {
  NETWORK: slug.data,
  HTTP_PORT: String(port),
  ...(options.profile === undefined ? {} : { OPEN_PROFILE: options.profile }),
  ...(options.webhook === undefined ? {} : { OPEN_WEBHOOK_URL: options.webhook }),
  ...(await joined(slug.data, options)),
});
process.stdout.write(
  [
    `${slug.data}: REST interface at http://127.0.0.1:${port}/open/v1, described by http://127.0.0.1:${port}/open/v1/openapi.json`,
    options.webhook
      ? `events are posted to ${options.webhook}`
      : 'open a WebSocket at /open/v1/stream to get events',
    `certify it: npm run certify -- --network ${slug.data} --loopback <id of a person who answers every message>`,
    '',
  ].join('\n'),
);
await import(`../../${OPEN.app}/src/main.js`);
