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
import { FetionService, openIdOf, OpenNetwork, PlatformSimulator, YunxinSimulator } from '#simulators';
import { capabilitiesOf, loadProfile } from '../apps/adapter-open/src/profiles.js';
import { OFFICIAL_ACCOUNT, WECOM } from '../apps/adapter-wechat/src/wechat.profiles.js';
import { YIXIN } from '../apps/adapter-yixin/src/yixin.profile.js';
import { YUNXIN_CAPABILITIES } from '../apps/adapter-yixin/src/yunxin/yunxin.capabilities.js';
import { FETION_CAPABILITIES } from '../apps/adapter-fetion/src/fetion.capabilities.js';
import { MATRIX_CAPABILITIES } from '../apps/adapter-matrix/src/matrix.capabilities.js';
import { registrationFile } from '../apps/adapter-matrix/src/registration.js';
import { ghostUserId } from '../apps/adapter-matrix/src/user-ids.js';
import { XMPP_CAPABILITIES } from '../apps/adapter-xmpp/src/xmpp.capabilities.js';
import { ghostJid } from '../apps/adapter-xmpp/src/jids.js';
import { engineOrSkip } from './support/engines.js';
import { HubFixture } from './support/hub-fixture.js';
import { MatrixPhone } from './support/matrix.phone.js';
import type { Phone, Seen } from './support/phone.js';
import { SimulatedPhone } from './support/simulated.phone.js';
import { XmppPhone } from './support/xmpp.phone.js';

const far = network('far');
const AES_KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';

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

/** One account, many correspondents: everybody is written to through it. */
async function onPlatform(
  hub: HubFixture,
  kind: 'wechat' | 'wecom' | 'yixin',
  native: string,
  env: NodeJS.ProcessEnv,
): Promise<Home> {
  const account = {
    appId: `${kind}-app-id`,
    secret: `${kind}-secret`,
    token: `${kind}token`,
    ...(kind === 'yixin' ? { mode: 'plain' as const } : { encodingAesKey: AES_KEY, mode: 'safe' as const }),
  };
  const platform = await PlatformSimulator.open(kind, {
    ...account,
    ...(kind === 'wecom' ? { agentId: '1000002' } : {}),
    quota: { message: 1000 },
    memberPerMinute: 1000,
  });
  await hub.serveSignOn(['far', kind]);
  const app = await hub.app(`adapter-${kind}`, env['ENTRY'] ?? '', {
    NATS_CREDS: await hub.admit(kind),
    NETWORK: kind,
    ACCOUNT_API_URL: platform.url,
    ACCOUNT_ID: account.appId,
    ACCOUNT_SECRET: account.secret,
    ACCOUNT_TOKEN: account.token,
    ...env,
  });
  await platform.connectCallback(`${app.url}/callback`);
  const person = platform.person(native);
  const ann = new SimulatedPhone(person, platform.account);
  // The reply window opens with a word of hers.
  await person.act({ do: 'write', to: platform.account, text: '帮助' });
  await platform.idle();
  return {
    network: kind,
    server: { stop: () => platform.close() },
    ann,
    ghostOf: (name) => ann.numberOf(name, 'far') ?? `@${addressOf(far, name)}`,
  };
}

const WECHAT_ENTRY = 'dist/apps/adapter-wechat/src/main.js';
const SAFE = { ACCOUNT_AES_KEY: AES_KEY, ACCOUNT_MODE: 'safe', ENTRY: WECHAT_ENTRY };

async function onYunxin(hub: HubFixture): Promise<Home> {
  const yunxin = await YunxinSimulator.open({ appKey: 'app-key', appSecret: 'app-secret' });
  await hub.serveSignOn(['far', 'yixin']);
  const app = await hub.app('adapter-yixin', 'dist/apps/adapter-yixin/src/main.js', {
    NATS_CREDS: await hub.admit('yixin', YUNXIN_CAPABILITIES),
    YIXIN_PROFILE: 'yunxin',
    YUNXIN_API_URL: yunxin.url,
    YUNXIN_APP_KEY: 'app-key',
    YUNXIN_APP_SECRET: 'app-secret',
  });
  await yunxin.connectCopy(`${app.url}/copy`);
  const ann = yunxin.person('ann');
  return {
    network: 'yixin',
    server: { stop: () => yunxin.close() },
    ann: new SimulatedPhone(ann, 'hutong_robot'),
    ghostOf: (name) =>
      ann.timeline.find((seen) => seen.name === `${name} (far)`)?.from ?? `@${addressOf(far, name)}`,
  };
}

async function onOpen(hub: HubFixture, transport: 'webhook' | 'socket'): Promise<Home> {
  const key = 'a key that two parties share, 32+ characters';
  const service = await OpenNetwork.open({ name: 'open', key, transport });
  await hub.serveSignOn(['far', 'open']);
  const port = await freePort();
  service.connect(`http://127.0.0.1:${port}`);
  await hub.app('adapter-open', 'dist/apps/adapter-open/src/main.js', {
    NATS_CREDS: await hub.admit('open'),
    NETWORK: 'open',
    HTTP_PORT: String(port),
    OPEN_KEY: key,
    ...(transport === 'webhook' ? { OPEN_WEBHOOK_URL: service.webhookUrl } : {}),
  });
  return {
    network: 'open',
    server: { stop: () => service.close() },
    ann: new SimulatedPhone(service.person('ann'), undefined),
    ghostOf: (name) => addressOf(far, name),
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
    ghosts: true,
    saysUnknown: ({ text }) => (text ?? '').includes('查无此人'),
  },
  (hub) => onFetion(hub),
);

const saidByTheAccount = {
  annCan: [],
  ghosts: false,
  saysUnknown: ({ text }: Seen) => (text ?? '').includes('查无此人'),
};

keepsTheContract(
  'adapter-wechat on a simulated WeChat, safe mode',
  'simulated',
  { ...saidByTheAccount, capabilities: OFFICIAL_ACCOUNT.capabilities },
  (hub) => onPlatform(hub, 'wechat', openIdOf('ann'), SAFE),
);
keepsTheContract(
  'adapter-wechat on a simulated WeCom',
  'simulated',
  { ...saidByTheAccount, capabilities: WECOM.capabilities },
  (hub) =>
    onPlatform(hub, 'wecom', 'ann', {
      ...SAFE,
      WECHAT_PROFILE: 'wecom',
      ACCOUNT_AGENT_ID: '1000002',
      ACCOUNT_PER_MINUTE: '1000',
    }),
);
keepsTheContract(
  'adapter-yixin on a simulated Yixin platform',
  'simulated',
  { ...saidByTheAccount, capabilities: YIXIN.capabilities },
  (hub) => onPlatform(hub, 'yixin', openIdOf('ann'), { ENTRY: 'dist/apps/adapter-yixin/src/main.js' }),
);
keepsTheContract(
  'adapter-yixin on a simulated Yunxin',
  'simulated',
  { ...saidByTheAccount, ghosts: true, capabilities: YUNXIN_CAPABILITIES },
  (hub) => onYunxin(hub),
);

const onOpenNetwork = {
  ...everything(capabilitiesOf('generic', loadProfile('generic'))),
  saysUnknown: ({ kind, text }: Seen) => kind === 'error' && (text ?? '').includes('14'),
};
keepsTheContract('adapter-open over its webhook', 'simulated', onOpenNetwork, (hub) =>
  onOpen(hub, 'webhook'),
);
keepsTheContract('adapter-open over a WebSocket', 'simulated', onOpenNetwork, (hub) => onOpen(hub, 'socket'));
