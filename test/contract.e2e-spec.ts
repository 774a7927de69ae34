/** The contract suite, for every adapter, against a real server of its network. */
import { contractSuite, TestNetwork, type Stage } from '#adapter-contract';
import { addressOf, network } from '#protocol';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ghostJid } from '../apps/adapter-xmpp/src/jids.js';
import { ghostUserId } from '../apps/adapter-matrix/src/user-ids.js';
import { registrationFile } from '../apps/adapter-matrix/src/registration.js';
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
import { HubFixture } from './support/hub-fixture.js';
import { engineOrSkip } from './support/engines.js';
import { MatrixPhone } from './support/matrix.phone.js';
import { XmppPhone } from './support/xmpp.phone.js';

const TEST_ADAPTER = 'dist/libs/adapter-contract/src/test-adapter.main.js';
const far = network('far');

/** The hub, the switch, and the test network with its adapter: the same for all. */
async function openFar(): Promise<{ hub: HubFixture; farNetwork: TestNetwork }> {
  const hub = await HubFixture.open();
  await hub.switch();
  const farNetwork = await TestNetwork.open('far');
  await hub.app('adapter-far', TEST_ADAPTER, {
    TEST_NETWORK: 'far',
    TEST_PORT: String(farNetwork.port),
    NATS_CREDS: await hub.admit('far'),
  });
  return { hub, farNetwork };
}

const prosodyFound = await engineOrSkip('Prosody', findProsody);
const ejabberdFound = await engineOrSkip('ejabberd', findEjabberd);
const synapseFound = await engineOrSkip('Synapse', findSynapse);

(prosodyFound ? describe : describe.skip).each([
  ['with mod_hutong_link', join(process.cwd(), 'docker', 'prosody')],
  ['with a plain XEP-0114 component', undefined],
])('adapter-xmpp on Prosody, %s', (title, plugins) => {
  let stage: Stage;
  let hub: HubFixture;
  let server: Child;
  let ann: XmppPhone;

  beforeAll(async () => {
    let farNetwork: TestNetwork;
    ({ hub, farNetwork } = await openFar());
    const [c2sPort, componentPort] = [await freePort(), await freePort()];
    const options = {
      root: prosodyFound?.root ?? '',
      folder: join(hub.folder, 'prosody'),
      c2sPort,
      componentPort,
      domain: 'localhost',
      components: ['far.hub.localhost'],
      secret: 'component-secret',
      ...(plugins ? { plugins } : {}),
    };
    server = prosody(options);
    await server.start();
    await prosodyAccount(options, 'ann', 'annpw');
    await hub.serveSignOn(['far', 'xmpp']);
    await hub.app('adapter-xmpp', 'dist/apps/adapter-xmpp/src/main.js', {
      NATS_CREDS: await hub.admit('xmpp'),
      XMPP_COMPONENT_PORT: String(componentPort),
      XMPP_COMPONENT_DOMAIN: 'hub.localhost',
      XMPP_COMPONENT_SECRET: 'component-secret',
      XMPP_SERVER_DOMAIN: 'localhost',
    });
    ann = await XmppPhone.dial({
      host: '127.0.0.1',
      port: c2sPort,
      domain: 'localhost',
      user: 'ann',
      password: 'annpw',
    });
    stage = {
      network: 'xmpp',
      ann,
      far: farNetwork,
      ghostOf: (person) => ghostJid(addressOf(far, person), 'hub.localhost').jid,
    };
  }, 120_000);

  afterAll(async () => {
    await ann?.hangUp();
    await hub?.close();
    await server?.stop();
    await stage?.far.close();
  }, 60_000);

  contractSuite(`adapter-xmpp, ${title}`, () => stage);
});

(ejabberdFound ? describe : describe.skip)('adapter-xmpp on ejabberd', () => {
  let stage: Stage;
  let hub: HubFixture;
  let server: Child;
  let ann: XmppPhone;

  beforeAll(async () => {
    let farNetwork: TestNetwork;
    ({ hub, farNetwork } = await openFar());
    const [c2sPort, apiPort, componentPort] = [await freePort(), await freePort(), await freePort()];
    const options = {
      root: ejabberdFound?.root ?? '',
      folder: join(hub.folder, 'ejabberd'),
      c2sPort,
      apiPort,
      domain: 'localhost',
      components: [{ domain: 'far.hub.localhost', port: componentPort }],
      secret: 'component-secret',
    };
    server = ejabberd(options);
    await server.start();
    await ejabberdAccount(options, 'ann', 'annpw');
    await hub.serveSignOn(['far', 'xmpp']);
    await hub.app('adapter-xmpp', 'dist/apps/adapter-xmpp/src/main.js', {
      NATS_CREDS: await hub.admit('xmpp'),
      XMPP_COMPONENT_PORTS: `far:${componentPort}`,
      XMPP_COMPONENT_DOMAIN: 'hub.localhost',
      XMPP_COMPONENT_SECRET: 'component-secret',
      XMPP_SERVER_DOMAIN: 'localhost',
    });
    ann = await XmppPhone.dial({
      host: '127.0.0.1',
      port: c2sPort,
      domain: 'localhost',
      user: 'ann',
      password: 'annpw',
    });
    stage = {
      network: 'xmpp',
      ann,
      far: farNetwork,
      ghostOf: (person) => ghostJid(addressOf(far, person), 'hub.localhost').jid,
    };
  }, 120_000);

  afterAll(async () => {
    await ann?.hangUp();
    await hub?.close();
    await server?.stop();
    await stage?.far.close();
  }, 60_000);

  contractSuite('adapter-xmpp, on ejabberd', () => stage);
});

(synapseFound ? describe : describe.skip)('adapter-matrix on Synapse', () => {
  let stage: Stage;
  let hub: HubFixture;
  let server: Child;
  let ann: MatrixPhone;

  beforeAll(async () => {
    let farNetwork: TestNetwork;
    ({ hub, farNetwork } = await openFar());
    const [port, appservice] = [await freePort(), await freePort()];
    const tokens = { asToken: 'as-token-for-the-suite', hsToken: 'hs-token-for-the-suite' };
    const registration = join(hub.folder, 'registration.yaml');
    writeFileSync(
      registration,
      registrationFile({
        id: 'hutong',
        url: `http://127.0.0.1:${appservice}`,
        ...tokens,
        serverName: 'suite.test',
      }),
    );
    const options = {
      root: synapseFound?.root ?? '',
      folder: join(hub.folder, 'synapse'),
      port,
      serverName: 'suite.test',
      registrationSecret: 'registration-secret',
      registrations: [registration],
    };
    server = synapse(options);
    await server.start();
    await synapseAccount(options, 'ann', 'annpw');
    await hub.serveSignOn(['far', 'matrix']);
    await hub.app('adapter-matrix', 'dist/apps/adapter-matrix/src/main.js', {
      HTTP_PORT: String(appservice),
      NATS_CREDS: await hub.admit('matrix'),
      MATRIX_URL: `http://127.0.0.1:${port}`,
      MATRIX_SERVER_NAME: 'suite.test',
      MATRIX_AS_TOKEN: tokens.asToken,
      MATRIX_HS_TOKEN: tokens.hsToken,
    });
    ann = await MatrixPhone.dial(`http://127.0.0.1:${port}`, '@ann:suite.test', 'annpw');
    stage = {
      network: 'matrix',
      ann,
      far: farNetwork,
      ghostOf: (person) => ghostUserId(addressOf(far, person), 'suite.test').userId,
    };
  }, 120_000);

  afterAll(async () => {
    await ann?.hangUp();
    await hub?.close();
    await server?.stop();
    await stage?.far.close();
  }, 60_000);

  contractSuite('adapter-matrix', () => stage);
});
