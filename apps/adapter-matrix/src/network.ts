/** The manifest of Matrix: a real Synapse with two accounts, or the homeserver that the environment names. */
import { join } from 'node:path';
import { findSynapse, synapse, synapseAccount, type SynapseOptions } from '#engines';
import {
  account,
  writeSecretFile,
  type Account,
  type Installation,
  type NetworkManifest,
  type NetworkPart,
  type NetworkPerson,
} from '#network-manifest';
import type { Address } from '#protocol';
import { look } from '../phone/look.js';
import { homeserverFromEnvironment } from './server-from-environment.js';
import { matrixCapabilities } from './matrix.capabilities.js';
import { matrixSettings } from './matrix.config.js';
import { ghostUserId } from './user-ids.js';

const given = homeserverFromEnvironment(process.env);
const SERVER = given?.serverName ?? 'matrix.localhost';
const USERS = ['bob', 'ben'];
/** Synapse's own limit of an upload, which it tells the adapter at the start. */
const UPLOAD_MB = 50;

export interface MatrixPart extends NetworkPart {
  baseUrl: string;
  serverName: string;
}

/** Without contact requests: people who share a room see each other's presence. */
const person: NetworkPerson = {
  abilities: ['reply', 'edit', 'recall', 'react', 'markRead', 'type'],
  nobody: `@nobody-at-all:${SERVER}`,
  away: 'unavailable',
  writesInTurn: true,
  lines: {
    greeting: 'Good morning from **Matrix**: I write to you from my ordinary client.',
    answer: 'Welcome! I read you in my ordinary client.',
  },
  async dial(part, { native, password }) {
    const { MatrixPhone } = await import('../phone/matrix.phone.js');
    return { phone: await MatrixPhone.dial((part as MatrixPart).baseUrl, native, password) };
  },
  ghostOf: (part, address) => ghostUserId(address as Address, (part as MatrixPart).serverName).userId,
};

export const matrix: NetworkManifest = {
  slug: 'matrix',
  name: 'Matrix (Synapse)',
  app: 'adapter-matrix',
  settings: matrixSettings,
  capabilities: matrixCapabilities(UPLOAD_MB),
  module: async () => (await import('./matrix.module.js')).MatrixModule,
  nativeThings: async () => (await import('./native-things.js')).NATIVE_THINGS_OF_MATRIX,
  standalone: {
    ports: given ? {} : { 'adapter-matrix': 9009, synapse: 8008 },
    help: [
      '  MATRIX_URL      use this homeserver instead of our own (with MATRIX_SERVER_NAME, MATRIX_AS_TOKEN,',
      '                  MATRIX_HS_TOKEN, MATRIX_ADAPTER_PORT, MATRIX_ACCOUNTS=bob:password)',
    ],
    open: openServer,
    environment: ({ ports, secrets }) => ({
      MATRIX_URL: given?.baseUrl ?? `http://127.0.0.1:${ports.of('synapse')}`,
      MATRIX_SERVER_NAME: SERVER,
      MATRIX_AS_TOKEN: given?.asToken ?? secrets.asToken,
      MATRIX_HS_TOKEN: given?.hsToken ?? secrets.hsToken,
    }),
    people,
    person,
    look,
    ghostOf: (_installation, { address }) => ghostUserId(address as Address, SERVER).userId,
    describe: ({ ports }) => ({
      baseUrl: given?.baseUrl ?? `http://127.0.0.1:${ports.of('synapse')}`,
      serverName: SERVER,
    }),
    welcome: (part) => [`  Matrix      any client, homeserver ${(part as MatrixPart).baseUrl}`],
  },
  deployment: {
    port: 9009,

    environment: {
      MATRIX_URL: '${MATRIX_URL:-http://synapse:8008}',
      MATRIX_SERVER_NAME: '${MATRIX_SERVER_NAME:-matrix.localhost}',
      MATRIX_AS_TOKEN: '${MATRIX_AS_TOKEN:-}',
      MATRIX_HS_TOKEN: '${MATRIX_HS_TOKEN:-}',
    },
  },
};

async function openServer(installation: Installation): Promise<boolean> {
  const { say, folder, secrets, ports, supervisor } = installation;
  if (given) {
    ports.take('adapter-matrix', given.adapterPort);
    say(`Matrix homeserver ${given.baseUrl} (environment)`);
    return true;
  }
  const found = await findSynapse(say);
  if (found.kind !== 'found') {
    say(`Synapse cannot be had here: ${found.why}. Going on without the Matrix network. ${found.remedy}`);
    return false;
  }
  const { registrationFile } = await import('./registration.js');
  const registration = registrationFile({
    id: 'hutong',
    url: `http://127.0.0.1:${ports.of('adapter-matrix')}`,
    asToken: secrets.asToken,
    hsToken: secrets.hsToken,
    serverName: SERVER,
  });
  const options: SynapseOptions = {
    root: found.paths.root,
    folder: join(folder, 'synapse'),
    port: ports.of('synapse'),
    serverName: SERVER,
    registrationSecret: secrets.registration,
    registrations: [writeSecretFile(folder, 'matrix-registration.yaml', registration)],
  };
  await supervisor.run((onCrash) => synapse(options, onCrash));
  for (const { native, password } of people(installation))
    await synapseAccount(options, native.slice(1, native.indexOf(':')), password);
  say(`Synapse ${found.version} (${found.from}) on port ${options.port}`);
  return true;
}

function people({ secrets }: Installation): Account[] {
  if (given) return given.accounts;
  return USERS.map((user) => account('matrix', `@${user}:${SERVER}`, secrets.passwordOf(user)));
}
