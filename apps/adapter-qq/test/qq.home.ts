/** A simulated QQ with the real adapter on a hub. */
import { SimulatedPhone } from '#phones';
import type { Person } from '#simulators';
import { straight, type SimulatedHome, type Through } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { until } from '../../../test/support/until.js';
import { ACCOUNT, QqSimulator, type QqOptions } from '../simulator/index.js';

export interface QqHome extends SimulatedHome {
  qq: QqSimulator;
}

export type Transport = 'ws' | 'reverse-ws' | 'http';

export const APP = { appId: '102000001', secret: 'naOC0ocQE3shWLAfffVLB1rhYPG7' };

export async function qqHome(
  hub: HubFixture,
  profile: QqOptions['profile'],
  transport: Transport,
  windowReplies = 5,
  through: Through = straight,
): Promise<QqHome> {
  const times = { reconnectMs: 200, retryMs: 500 };
  const qq = await QqSimulator.open({ profile, token: 'access-token', ...APP, ...times, windowReplies });
  const url = await through(qq.url);
  const app = await hub.app('adapter-qq', 'dist/apps/adapter-qq/src/main.js', {
    NATS_CREDS: await hub.admit('qq'),
    ...settingsOf(profile, transport, url),
    QQ_WINDOW_MESSAGES: String(windowReplies),
    MEDIA_PRIVATE_HOSTS: new URL(qq.url).host,
  });
  if (transport === 'reverse-ws') await qq.connect(`${app.url.replace('http', 'ws')}/onebot`);
  if (transport === 'http') await qq.connect(`${app.url}/callback`);
  await until('the adapter listens', () => qq.listening > 0);
  return {
    network: 'qq',
    app,
    qq,
    channel: ACCOUNT,
    person: (word) => qq.person(qq.nativeOf(word)),
    // A bot of the official API may only answer.
    ...(profile === 'official'
      ? {
          signIn: async (person: Person) => {
            await person.act({ do: 'write', to: ACCOUNT, text: '/help' });
            await qq.idle();
          },
        }
      : {}),
    ghostOf: (seenBy, foreign, name) =>
      new SimulatedPhone(seenBy, undefined).numberOf(name, foreign.split('@').at(-1) ?? ''),
    stop: () => qq.close(),
  };
}

export function settingsOf(
  profile: QqOptions['profile'],
  transport: Transport,
  url: string,
): NodeJS.ProcessEnv {
  const common = { QQ_PROFILE: profile, QQ_TRANSPORT: transport };
  if (profile === 'official')
    return { ...common, QQ_URL: url, QQ_TOKEN_URL: url, QQ_APP_ID: APP.appId, QQ_SECRET: APP.secret };
  const address = transport === 'ws' ? url.replace('http', 'ws') : url;
  return { ...common, QQ_URL: address, QQ_TOKEN: 'access-token', QQ_SECRET: APP.secret };
}
