/** A simulated Weibo with the real adapter on a hub. */
import { SimulatedPhone } from '#phones';
import { straight, type SimulatedHome, type Through } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { ACCOUNT_UID, uidOf, WeiboSimulator, type Form } from '../simulator/index.js';

export interface WeiboHome extends SimulatedHome {
  weibo: WeiboSimulator;
}

export const SECRETS = { appSecret: 'app-secret', token: '2.00access-token' };

export function settingsOf(url: string, format: Form = 'json'): NodeJS.ProcessEnv {
  return {
    WEIBO_API_URL: url,
    WEIBO_MESSAGES_URL: url,
    WEIBO_FILES_URL: url,
    WEIBO_APP_SECRET: SECRETS.appSecret,
    WEIBO_ACCESS_TOKEN: SECRETS.token,
    WEIBO_FORMAT: format,
  };
}

/** Weibo gives up after three attempts; tests kill the adapter for longer than that. */
export async function weiboHome(hub: HubFixture, through: Through = straight): Promise<WeiboHome> {
  const weibo = await WeiboSimulator.open({ ...SECRETS, retryMs: 500, attempts: 60 });
  const url = await through(weibo.url);
  const app = await hub.app('adapter-weibo', 'dist/apps/adapter-weibo/src/main.js', {
    NATS_CREDS: await hub.admit('weibo'),
    ...settingsOf(url),
    MEDIA_PRIVATE_HOSTS: new URL(weibo.url).host,
  });
  await weibo.connect(`${app.url}/callback`);
  return {
    network: 'weibo',
    app,
    weibo,
    channel: ACCOUNT_UID,
    person: (word) => weibo.person(uidOf(word)),
    // The account may write only to who has written.
    signIn: (person) => person.act({ do: 'write', to: ACCOUNT_UID, text: '/帮助' }),
    ghostOf: (seenBy, foreign, name) =>
      new SimulatedPhone(seenBy, undefined).numberOf(name, foreign.split('@').at(-1) ?? ''),
    stop: () => weibo.close(),
  };
}
