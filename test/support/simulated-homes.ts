/** Simulated networks, each with its real adapter on a hub. */
import { freePort } from '#engines';
import { addressOf, network, type Address } from '#protocol';
import { openIdOf, type Person, type PlatformSimulator } from '#simulators';
import { FetionService } from '../../apps/adapter-fetion/simulator/index.js';
import { OpenNetwork } from '../../apps/adapter-open/simulator/index.js';
import { openWechat } from '../../apps/adapter-wechat/simulator/index.js';
import { openWecom } from '../../apps/adapter-wecom/simulator/index.js';
import { openYixin } from '../../apps/adapter-yixin/simulator/index.js';
import { YunxinSimulator } from '../../apps/adapter-yunxin/simulator/index.js';
import type { App, HubFixture } from './hub-fixture.js';
import { SimulatedPhone } from '#phones';

const AES_KEY = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
export const OPEN_KEY = 'a key that two parties share, 32+ characters';

export interface SimulatedHome {
  network: string;
  app: App;
  /** The one account that everybody is reached through, where there is one. */
  channel: string | undefined;
  person(word: string): Person;
  /** How a foreign person stands in somebody's client once he has written; undefined before. */
  ghostOf(seenBy: Person, foreign: Address, name: string): string | undefined;
  /** Where a client reads names in its contact list rather than with a message: what it shows of somebody now. */
  nameInContacts?(native: string): string | undefined;
  stop(): Promise<void>;
}

export function phoneOf(home: SimulatedHome, word: string): SimulatedPhone {
  return new SimulatedPhone(home.person(word), home.channel);
}

/** How to write to somebody who has not written yet. */
export function reach(home: SimulatedHome, foreign: Address): string {
  return home.channel === undefined ? foreign : `@${foreign}`;
}

/** Leads the adapter past a recorder: the address of the network -> the one that the adapter is given. */
export type Through = (url: string) => Promise<string>;
const straight: Through = (url) => Promise.resolve(url);

/** @param ghosts accounts that the operator grants beside the robot */
export async function fetionHome(
  hub: HubFixture,
  ghosts = 3,
  env: NodeJS.ProcessEnv = {},
  through = straight,
): Promise<SimulatedHome & { service: FetionService }> {
  const service = await FetionService.open();
  const accounts = Array.from({ length: ghosts + 1 }, (_, at) =>
    service.account({ mobile: `139${String(at).padStart(8, '0')}`, password: `secret-${at}` }),
  );
  const app = await hub.app('adapter-fetion', 'dist/apps/adapter-fetion/src/main.js', {
    NATS_CREDS: await hub.admit('fetion'),
    FETION_NAVIGATION_URL: await through(service.httpUrl),
    FETION_ACCOUNTS: hub.file(
      'fetion-accounts',
      accounts.map(({ mobile, password }) => `${mobile} ${password}`).join('\n'),
    ),
    FETION_REPLY_MS: '3000',
    ...env,
  });
  return {
    network: 'fetion',
    app,
    service,
    channel: accounts[0]?.sid,
    person: (mobile) => service.person(mobile),
    ghostOf: (_, foreign, name) =>
      accounts.find(({ sid }) => service.nicknameOf(sid) === `${name} (${foreign.split('@').at(-1) ?? ''})`)
        ?.sid,
    nameInContacts: (sid) => service.nicknameOf(sid),
    stop: () => service.close(),
  };
}

const PLATFORMS = { wechat: openWechat, wecom: openWecom, yixin: openYixin } as const;

export async function platformHome(
  hub: HubFixture,
  kind: keyof typeof PLATFORMS,
  env: NodeJS.ProcessEnv = {},
  quota = { message: 1_000_000 },
  through = straight,
): Promise<SimulatedHome & { platform: PlatformSimulator }> {
  const encrypted = kind !== 'yixin';
  const account = { appId: `${kind}-app-id`, secret: `${kind}-secret`, token: `${kind}token` };
  const platform = await PLATFORMS[kind]({
    ...account,
    mode: encrypted ? 'safe' : 'plain',
    ...(encrypted ? { encodingAesKey: AES_KEY } : {}),
    ...(kind === 'wecom' ? { agentId: '1000002' } : {}),
    quota,
    memberPerMinute: 1000,
  });
  const app = await hub.app(`adapter-${kind}`, `dist/apps/adapter-${kind}/src/main.js`, {
    NATS_CREDS: await hub.admit(kind),
    NETWORK: kind,
    ACCOUNT_API_URL: await through(platform.url),
    MEDIA_PRIVATE_HOSTS: new URL(platform.url).host,
    ACCOUNT_ID: account.appId,
    ACCOUNT_SECRET: account.secret,
    ACCOUNT_TOKEN: account.token,
    ...(encrypted ? { ACCOUNT_AES_KEY: AES_KEY, ACCOUNT_MODE: 'safe' } : {}),
    ...(kind === 'wecom' ? { ACCOUNT_AGENT_ID: '1000002', ACCOUNT_PER_MINUTE: '1000' } : {}),
    ...env,
  });
  await platform.connectCallback(`${app.url}/callback`);
  return {
    network: kind,
    app,
    platform,
    channel: platform.account,
    person: (word) => platform.person(kind === 'wecom' ? word : openIdOf(word)),
    ghostOf: (seenBy, foreign, name) =>
      new SimulatedPhone(seenBy, undefined).numberOf(name, foreign.split('@').at(-1) ?? ''),
    stop: () => platform.close(),
  };
}

export async function yunxinHome(hub: HubFixture, through = straight): Promise<SimulatedHome> {
  const yunxin = await YunxinSimulator.open({ appKey: 'app-key', appSecret: 'app-secret' });
  const app = await hub.app('adapter-yunxin', 'dist/apps/adapter-yunxin/src/main.js', {
    NATS_CREDS: await hub.admit('yunxin'),
    YUNXIN_API_URL: await through(yunxin.url),
    MEDIA_PRIVATE_HOSTS: new URL(yunxin.url).host,
    YUNXIN_APP_KEY: 'app-key',
    YUNXIN_APP_SECRET: 'app-secret',
  });
  await yunxin.connectCopy(`${app.url}/copy`);
  return {
    network: 'yunxin',
    app,
    channel: 'hutong_robot',
    person: (accid) => yunxin.person(accid),
    ghostOf: (seenBy, foreign, name) =>
      seenBy.timeline.find((seen) => seen.name === `${name} (${foreign.split('@').at(-1) ?? ''})`)?.from,
    stop: () => yunxin.close(),
  };
}

export async function openHome(
  hub: HubFixture,
  transport: 'webhook' | 'socket',
  through = straight,
): Promise<SimulatedHome & { service: OpenNetwork }> {
  const service = await OpenNetwork.open({ name: 'open', key: OPEN_KEY, transport });
  const port = await freePort();
  service.connect(`http://127.0.0.1:${port}`);
  const app = await hub.app('adapter-open', 'dist/apps/adapter-open/src/main.js', {
    NATS_CREDS: await hub.admit('open'),
    NETWORK: 'open',
    HTTP_PORT: String(port),
    OPEN_KEY,
    ...(transport === 'webhook'
      ? { OPEN_WEBHOOK_URL: await throughWithPath(service.webhookUrl, through) }
      : {}),
  });
  return {
    network: 'open',
    app,
    service,
    channel: undefined,
    person: (id) => service.person(id),
    ghostOf: (_, foreign) => foreign,
    stop: () => service.close(),
  };
}

async function throughWithPath(url: string, through: Through): Promise<string> {
  const { origin, pathname } = new URL(url);
  return `${await through(origin)}${pathname}`;
}

export function addressIn(home: SimulatedHome, word: string): Address {
  return addressOf(network(home.network), home.person(word).native);
}
