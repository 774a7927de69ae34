/** `npm start` with an XMPP server and a homeserver that are there already: it starts neither, and people chat. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProsody, findSynapse, freePort, synapse, synapseAccount, type Child } from '#engines';
import { registrationFile } from '../apps/adapter-matrix/src/registration.js';
import { engineOrSkip } from './support/engines.js';
import { startProsody } from './support/prosody.js';
import { sees } from '#phones';
import { PROCESS_EACH, StandaloneFixture } from './support/standalone-fixture.js';

const prosodyPaths = await engineOrSkip('Prosody', findProsody);
const synapsePaths = await engineOrSkip('Synapse', findSynapse);
const folder = mkdtempSync(join(tmpdir(), 'hutong-own-'));
const servers: Child[] = [];
let whole: StandaloneFixture | undefined;

afterAll(async () => {
  await whole?.close();
  for (const server of servers) await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ownProsody(root: string): Promise<NodeJS.ProcessEnv> {
  const options = {
    root,
    folder: join(folder, 'prosody'),
    domain: 'own.example',
    components: ['matrix.hub.own.example'],
    secret: 'own-secret',
    plugins: join(process.cwd(), 'docker', 'prosody'),
  };
  const { server, c2sPort, componentPort } = await startProsody(options, { alice: 'alicepw' });
  servers.push(server);
  return {
    XMPP_URL: `xmpp://127.0.0.1:${c2sPort}/own.example?component=${componentPort}`,
    XMPP_COMPONENT_SECRET: 'own-secret',
    XMPP_COMPONENT_DOMAIN: 'hub.own.example',
    XMPP_ACCOUNTS: 'alice:alicepw',
  };
}

async function ownSynapse(root: string): Promise<NodeJS.ProcessEnv> {
  const [port, adapterPort] = [await freePort(), await freePort()];
  const serverName = 'own.example';
  const tokens = { asToken: 'as-token-of-my-own-server', hsToken: 'hs-token-of-my-own-server' };
  const registration = join(folder, 'registration.yaml');
  writeFileSync(
    registration,
    registrationFile({ id: 'hutong', url: `http://127.0.0.1:${adapterPort}`, ...tokens, serverName }),
  );
  const options = {
    root,
    folder: join(folder, 'synapse'),
    port,
    serverName,
    registrationSecret: 'registration-secret',
    registrations: [registration],
  };
  const server = synapse(options);
  await server.start();
  servers.push(server);
  await synapseAccount(options, 'bob', 'bobpw');
  return {
    MATRIX_URL: `http://127.0.0.1:${port}`,
    MATRIX_SERVER_NAME: serverName,
    MATRIX_AS_TOKEN: tokens.asToken,
    MATRIX_HS_TOKEN: tokens.hsToken,
    MATRIX_ADAPTER_PORT: String(adapterPort),
    MATRIX_ACCOUNTS: 'bob:bobpw',
  };
}

(prosodyPaths && synapsePaths ? test : test.skip)(
  'alice on her own Prosody and bob on another Synapse write to each other',
  async () => {
    const env = {
      ...(await ownProsody(prosodyPaths?.root ?? '')),
      ...(await ownSynapse(synapsePaths?.root ?? '')),
    };
    whole = await StandaloneFixture.open(['xmpp', 'matrix'], { ...env, ...PROCESS_EACH });
    expect(whole.running().sort()).toEqual(
      [
        'adapter-matrix',
        'adapter-xmpp',
        'clearing',
        'console',
        'media-gateway',
        'nats-server',
        'postgres',
        'recorder',
        'switch',
      ].sort(),
    );
    const [alice, bob] = [await whole.xmppPhone(), await whole.matrixPhone()];
    expect([alice.native, bob.native]).toEqual(['alice@own.example', '@bob:own.example']);
    await alice.write(whole.inXmpp(), 'from my own server');
    await sees(bob, 'her words', ({ text }) => text === 'from my own server');
    await bob.write(whole.inMatrix(), 'and from mine');
    await sees(alice, 'the message of bob', ({ text }) => text === 'and from mine');
    await alice.hangUp();
    await bob.hangUp();
  },
  120_000,
);
