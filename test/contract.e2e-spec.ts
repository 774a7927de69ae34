/** The contract suite, for every adapter, against a real server of its network. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractSuite, everything, TestNetwork, type Expectation, type Stage } from '#adapter-contract';
import {
  ejabberd,
  ejabberdAccount,
  findEjabberd,
  findProsody,
  findSynapse,
  freePort,
  prosody,
  prosodyAccount,
  synapse,
  synapseAccount,
  type Child,
} from '#engines';
import { addressOf, network } from '#protocol';
import { FetionService } from '#simulators';
import { FETION_CAPABILITIES } from '../apps/adapter-fetion/src/fetion.capabilities.js';
import { MATRIX_CAPABILITIES } from '../apps/adapter-matrix/src/matrix.capabilities.js';
import { registrationFile } from '../apps/adapter-matrix/src/registration.js';
import { ghostUserId } from '../apps/adapter-matrix/src/user-ids.js';
import { XMPP_CAPABILITIES } from '../apps/adapter-xmpp/src/xmpp.capabilities.js';
import { ghostJid } from '../apps/adapter-xmpp/src/jids.js';
import { engineOrSkip } from './support/engines.js';
import { HubFixture } from './support/hub-fixture.js';
import { MatrixPhone } from './support/matrix.phone.js';
import type { Phone } from './support/phone.js';
import { SimulatedPhone } from './support/simulated.phone.js';
import { XmppPhone } from './support/xmpp.phone.js';

const far = network('far');

/** A server of the network under test, with its adapter on the hub and ann's client. */
interface Home {
  network: string;
  server: { stop(): Promise<unknown> };
  ann: Phone;
  ghostOf(farPerson: string): string;
}

/** Runs the suite with the test network on the far side; without the engine, every case is a counted skip. */
function keepsTheContract<Paths>(
  title: string,
  engine: Paths | undefined,
  expected: Expectation,
  open: (hub: HubFixture, paths: Paths) => Promise<Home>,
): void {
  (engine ? describe : describe.skip)(title, () => {
    let hub: HubFixture;
    let farNetwork: TestNetwork;
    let home: Home;
    let stage: Stage;

    beforeAll(async () => {
      hub = await HubFixture.open();
      await hub.switch();
      farNetwork = await TestNetwork.open('far');
      await hub.app('adapter-far', 'dist/libs/adapter-contract/src/test-adapter.main.js', {
        TEST_NETWORK: 'far',
        TEST_PORT: String(farNetwork.port),
        NATS_CREDS: await hub.admit('far'),
      });
      if (engine) home = await open(hub, engine);
      stage = {
        network: home.network,
        ann: home.ann,
        far: farNetwork,
        ghostOf: (person) => home.ghostOf(person),
      };
    }, 120_000);

    afterAll(async () => {
      await home?.ann.hangUp();
      await hub?.close();
      await home?.server.stop();
      await farNetwork?.close();
    }, 60_000);

    contractSuite(title, expected, () => stage);
  });
}

async function xmppHome(
  hub: HubFixture,
  server: Child,
  c2sPort: number,
  componentPort: number,
): Promise<Home> {
  await hub.serveSignOn(['far', 'xmpp']);
  await hub.app('adapter-xmpp', 'dist/apps/adapter-xmpp/src/main.js', {
    NATS_CREDS: await hub.admit('xmpp'),
    XMPP_COMPONENT_PORTS: `far:${componentPort}`,
    XMPP_COMPONENT_DOMAIN: 'hub.localhost',
    XMPP_COMPONENT_SECRET: 'component-secret',
    XMPP_SERVER_DOMAIN: 'localhost',
  });
  const ann = await XmppPhone.dial({
    host: '127.0.0.1',
    port: c2sPort,
    domain: 'localhost',
    user: 'ann',
    password: 'annpw',
  });
  return {
    network: 'xmpp',
    server,
    ann,
    ghostOf: (person) => ghostJid(addressOf(far, person), 'hub.localhost').jid,
  };
}

async function onProsody(hub: HubFixture, root: string, plugins: string | undefined): Promise<Home> {
  const [c2sPort, componentPort] = [await freePort(), await freePort()];
  const options = {
    root,
    folder: join(hub.folder, 'prosody'),
    c2sPort,
    componentPort,
    domain: 'localhost',
    components: ['far.hub.localhost'],
    secret: 'component-secret',
    ...(plugins ? { plugins } : {}),
  };
  const server = prosody(options);
  await server.start();
  await prosodyAccount(options, 'ann', 'annpw');
  return xmppHome(hub, server, c2sPort, componentPort);
}

async function onEjabberd(hub: HubFixture, root: string): Promise<Home> {
  const [c2sPort, apiPort, componentPort] = [await freePort(), await freePort(), await freePort()];
  const options = {
    root,
    folder: join(hub.folder, 'ejabberd'),
    c2sPort,
    apiPort,
    domain: 'localhost',
    components: [{ domain: 'far.hub.localhost', port: componentPort }],
    secret: 'component-secret',
  };
  const server = ejabberd(options);
  await server.start();
  await ejabberdAccount(options, 'ann', 'annpw');
  return xmppHome(hub, server, c2sPort, componentPort);
}

async function onSynapse(hub: HubFixture, root: string): Promise<Home> {
  const [port, appservice] = [await freePort(), await freePort()];
  const serverName = 'suite.test';
  const tokens = { asToken: 'as-token-for-the-suite', hsToken: 'hs-token-for-the-suite' };
  const registration = join(hub.folder, 'registration.yaml');
  writeFileSync(
    registration,
    registrationFile({ id: 'hutong', url: `http://127.0.0.1:${appservice}`, ...tokens, serverName }),
  );
  const options = {
    root,
    folder: join(hub.folder, 'synapse'),
    port,
    serverName,
    registrationSecret: 'registration-secret',
    registrations: [registration],
  };
  const server = synapse(options);
  await server.start();
  await synapseAccount(options, 'ann', 'annpw');
  await hub.serveSignOn(['far', 'matrix']);
  await hub.app('adapter-matrix', 'dist/apps/adapter-matrix/src/main.js', {
    HTTP_PORT: String(appservice),
    NATS_CREDS: await hub.admit('matrix'),
    MATRIX_URL: `http://127.0.0.1:${port}`,
    MATRIX_SERVER_NAME: serverName,
    MATRIX_AS_TOKEN: tokens.asToken,
    MATRIX_HS_TOKEN: tokens.hsToken,
  });
  const ann = await MatrixPhone.dial(`http://127.0.0.1:${port}`, `@ann:${serverName}`, 'annpw');
  return {
    network: 'matrix',
    server,
    ann,
    ghostOf: (person) => ghostUserId(addressOf(far, person), serverName).userId,
  };
}

/** Ghosts are accounts; who has none yet is written to through the robot. */
async function onFetion(hub: HubFixture): Promise<Home> {
  const service = await FetionService.open();
  const accounts = ['13900000000', '13900000001', '13900000002', '13900000003'].map((mobile) =>
    service.account({ mobile, password: `secret-${mobile}` }),
  );
  await hub.serveSignOn(['far', 'fetion']);
  await hub.app('adapter-fetion', 'dist/apps/adapter-fetion/src/main.js', {
    NATS_CREDS: await hub.admit('fetion', FETION_CAPABILITIES),
    FETION_NAVIGATION_URL: service.httpUrl,
    FETION_ACCOUNTS: hub.file(
      'fetion-accounts',
      accounts.map(({ mobile, password }) => `${mobile} ${password}`).join('\n'),
    ),
  });
  const ann = service.person('13800138000');
  await ann.act({ do: 'appear', state: '400' });
  return {
    network: 'fetion',
    server: { stop: () => service.close() },
    ann: new SimulatedPhone(ann, accounts[0]?.sid),
    ghostOf: (person) =>
      accounts.find(({ sid }) => service.nicknameOf(sid) === `${person} (far)`)?.sid ??
      `@${addressOf(far, person)}`,
  };
}

const prosodyPaths = await engineOrSkip('Prosody', findProsody);
const ejabberdPaths = await engineOrSkip('ejabberd', findEjabberd);
const synapsePaths = await engineOrSkip('Synapse', findSynapse);
const plugins = join(process.cwd(), 'docker', 'prosody');

const onXmpp = everything(XMPP_CAPABILITIES);

keepsTheContract('adapter-xmpp on Prosody, with mod_hutong_link', prosodyPaths, onXmpp, (hub, { root }) =>
  onProsody(hub, root, plugins),
);
keepsTheContract(
  'adapter-xmpp on Prosody, a plain XEP-0114 component',
  prosodyPaths,
  onXmpp,
  (hub, { root }) => onProsody(hub, root, undefined),
);
keepsTheContract('adapter-xmpp on ejabberd', ejabberdPaths, onXmpp, (hub, { root }) => onEjabberd(hub, root));
keepsTheContract(
  'adapter-matrix on Synapse',
  synapsePaths,
  everything(MATRIX_CAPABILITIES),
  (hub, { root }) => onSynapse(hub, root),
);

keepsTheContract(
  'adapter-fetion on a simulated Fetion',
  'simulated',
  {
    capabilities: FETION_CAPABILITIES,
    annCan: ['type'],
    saysUnknown: ({ text }) => (text ?? '').includes('查无此人'),
  },
  (hub) => onFetion(hub),
);
