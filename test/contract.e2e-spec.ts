/** The contract suite, for every adapter, against a real server of its network. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  contractSuite,
  everything,
  LOCAL_ABILITIES,
  type Expectation,
  type Stage,
  type TestNetwork,
} from '#adapter-contract';
import {
  ejabberd,
  ejabberdAccount,
  findEjabberd,
  findProsody,
  findSynapse,
  freePort,
  synapse,
  synapseAccount,
  type Child,
} from '#engines';
import { addressOf, network } from '#protocol';
import { capabilitiesOf, loadProfile } from '../apps/adapter-open/src/profiles.js';
import { OFFICIAL_ACCOUNT, WECOM } from '../apps/adapter-wechat/src/wechat.profiles.js';
import { YIXIN } from '../apps/adapter-yixin/src/yixin.profile.js';
import { YUNXIN_CAPABILITIES } from '../apps/adapter-yixin/src/yunxin/yunxin.capabilities.js';
import { FETION_CAPABILITIES } from '../apps/adapter-fetion/src/fetion.capabilities.js';
import { matrixCapabilities } from '../apps/adapter-matrix/src/matrix.capabilities.js';
import { registrationFile } from '../apps/adapter-matrix/src/registration.js';
import { ghostUserId } from '../apps/adapter-matrix/src/user-ids.js';
import { xmppCapabilities } from '../apps/adapter-xmpp/src/xmpp.capabilities.js';
import { ghostJid } from '../apps/adapter-xmpp/src/jids.js';
import { engineOrSkip } from './support/engines.js';
import { HubFixture, restart, type App } from './support/hub-fixture.js';
import { startProsody } from './support/prosody.js';
import { MatrixPhone } from './support/matrix.phone.js';
import type { Phone, Seen } from './support/phone.js';
import {
  fetionHome,
  openHome,
  platformHome,
  reach,
  yunxinHome,
  type SimulatedHome,
} from './support/simulated-homes.js';
import { SimulatedPhone, type Oddity } from './support/simulated.phone.js';
import { XmppPhone } from './support/xmpp.phone.js';

const far = network('far');

/** A server of the network under test, with its adapter on the hub and ann's client. */
interface Home {
  network: string;
  app: App;
  server: { stop(): Promise<unknown> };
  ann: Phone;
  ghostOf(farPerson: string): string;
  channel?: string | undefined;
  unknownMessage?: string;
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
      farNetwork = await hub.testNetwork('far');
      if (engine) home = await open(hub, engine);
      stage = {
        network: home.network,
        ann: home.ann,
        far: farNetwork,
        ghostOf: (person) => home.ghostOf(person),
        foreign: await hub.foreignAdapter('far'),
        consent: (consent) => hub.consent(consent),
        channel: home.channel,
        ...(home.unknownMessage === undefined ? {} : { unknownMessage: home.unknownMessage }),
        restart: (how) => restart(home.app, how),
      };
    });

    afterAll(async () => {
      await home?.ann.hangUp();
      await hub?.close();
      await home?.server.stop();
      await farNetwork?.close();
    });

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
  const app = await hub.app('adapter-xmpp', 'dist/apps/adapter-xmpp/src/main.js', {
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
    app,
    server,
    ann,
    ghostOf: (person) => ghostJid(addressOf(far, person), 'hub.localhost').jid,
  };
}

async function onProsody(hub: HubFixture, root: string, plugins: string | undefined): Promise<Home> {
  const options = {
    root,
    folder: join(hub.folder, 'prosody'),
    domain: 'localhost',
    components: ['far.hub.localhost'],
    secret: 'component-secret',
    ...(plugins ? { plugins } : {}),
  };
  const { server, c2sPort, componentPort } = await startProsody(options, { ann: 'annpw' });
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
  const app = await hub.app('adapter-matrix', 'dist/apps/adapter-matrix/src/main.js', {
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
    app,
    server,
    ann,
    ghostOf: (person) => ghostUserId(addressOf(far, person), serverName).userId,
    unknownMessage: `$${'A'.repeat(43)}`,
  };
}

const aLink: Oddity = (word, to) => ({
  act: {
    do: 'send',
    to,
    what: 'link',
    fields: { Title: word, Description: 'd', Url: 'https://example.org/' },
  },
  words: word,
});
const aNudge: Oddity = (_word, to) => ({ act: { do: 'nudge', to }, words: '👋' });
const aCustomMessage: Oddity = (word, to) => ({
  act: { do: 'send', to, what: 'sticker', fields: { msg: word } },
  words: word,
});

/** A simulated network as a home for ann. */
async function simulated(
  hub: HubFixture,
  slug: string,
  word: string,
  open: () => Promise<SimulatedHome>,
  oddity?: Oddity,
): Promise<Home> {
  await hub.serveSignOn(['far', slug]);
  const home = await open();
  const person = home.person(word);
  if (home.network === 'fetion') await person.act({ do: 'appear', state: '400' });
  // On WeChat the reply window opens with a word of hers.
  if (home.network !== 'fetion' && home.channel !== undefined && home.channel !== 'hutong_robot')
    await person.act({ do: 'write', to: home.channel, text: '帮助' });
  return {
    network: home.network,
    app: home.app,
    server: home,
    ann: new SimulatedPhone(person, home.channel, undefined, undefined, oddity),
    // The robots of Fetion and Yunxin only introduce people: after that each has an account of their own.
    ...(home.channel === 'hutong_robot' || home.network === 'fetion' ? {} : { channel: home.channel }),
    ghostOf: (name) => home.ghostOf(person, addressOf(far, name), name) ?? reach(home, addressOf(far, name)),
  };
}

const prosodyPaths = await engineOrSkip('Prosody', findProsody);
const oldProsodyPaths = await engineOrSkip('Prosody 0.12', (say) => findProsody(say, 'bookworm'));
const ejabberdPaths = await engineOrSkip('ejabberd', findEjabberd);
const synapsePaths = await engineOrSkip('Synapse', findSynapse);
const plugins = join(process.cwd(), 'docker', 'prosody');

/** Without an upload service: media come as words here, and the pairs of `test/media` have one. */
const onXmpp = {
  ...everything(xmppCapabilities(undefined)),
  annCan: LOCAL_ABILITIES.filter((ability) => ability !== 'sendFile'),
};

keepsTheContract('adapter-xmpp on Prosody, with mod_hutong_link', prosodyPaths, onXmpp, (hub, { root }) =>
  onProsody(hub, root, plugins),
);
keepsTheContract(
  'adapter-xmpp on Prosody, a plain XEP-0114 component',
  prosodyPaths,
  onXmpp,
  (hub, { root }) => onProsody(hub, root, undefined),
);
keepsTheContract(
  'adapter-xmpp on Prosody 0.12, with mod_hutong_link',
  oldProsodyPaths,
  onXmpp,
  (hub, { root }) => onProsody(hub, root, plugins),
);
keepsTheContract('adapter-xmpp on ejabberd', ejabberdPaths, onXmpp, (hub, { root }) => onEjabberd(hub, root));
keepsTheContract(
  'adapter-matrix on Synapse',
  synapsePaths,
  { ...everything(matrixCapabilities(50)), invites: true },
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
  (hub) => simulated(hub, 'fetion', '13800138000', () => fetionHome(hub), aNudge),
);

const saidByTheAccount = {
  annCan: ['sendFile' as const],
  ghosts: false,
  saysUnknown: ({ text }: Seen) => (text ?? '').includes('查无此人'),
};

keepsTheContract(
  'adapter-wechat on a simulated WeChat, safe mode',
  'simulated',
  { ...saidByTheAccount, capabilities: OFFICIAL_ACCOUNT.capabilities },
  (hub) => simulated(hub, 'wechat', 'ann', () => platformHome(hub, 'wechat'), aLink),
);
keepsTheContract(
  'adapter-wechat on a simulated WeCom',
  'simulated',
  { ...saidByTheAccount, capabilities: WECOM.capabilities },
  (hub) => simulated(hub, 'wecom', 'ann', () => platformHome(hub, 'wecom'), aLink),
);
keepsTheContract(
  'adapter-yixin on a simulated Yixin platform',
  'simulated',
  { ...saidByTheAccount, capabilities: YIXIN.capabilities },
  (hub) => simulated(hub, 'yixin', 'ann', () => platformHome(hub, 'yixin'), aLink),
);
keepsTheContract(
  'adapter-yixin on a simulated Yunxin',
  'simulated',
  { ...saidByTheAccount, ghosts: true, capabilities: YUNXIN_CAPABILITIES },
  (hub) => simulated(hub, 'yixin', 'ann', () => yunxinHome(hub), aCustomMessage),
);

const onOpenNetwork = {
  ...everything(capabilitiesOf('generic', loadProfile('generic'))),
  saysUnknown: ({ kind, text }: Seen) => kind === 'error' && (text ?? '').includes('14'),
  hasNoOddity:
    'all that the open interface can say has a canonical form; anything else is refused to the network',
};
keepsTheContract('adapter-open over its webhook', 'simulated', onOpenNetwork, (hub) =>
  simulated(hub, 'open', 'ann', () => openHome(hub, 'webhook')),
);
keepsTheContract('adapter-open over a WebSocket', 'simulated', onOpenNetwork, (hub) =>
  simulated(hub, 'open', 'ann', () => openHome(hub, 'socket')),
);
