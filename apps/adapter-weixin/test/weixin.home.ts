/** A simulated WeChat with the real adapter on a hub. */
import { SimulatedPhone } from '#phones';
import { straight, type SimulatedHome, type Through } from '../../../test/contract/simulated-home.js';
import type { HubFixture } from '../../../test/support/hub-fixture.js';
import { until } from '../../../test/support/until.js';
import { CHANNEL, WeixinSimulator } from '../simulator/index.js';

export interface WeixinHome extends SimulatedHome {
  weixin: WeixinSimulator;
}

/** More than the real 10: the plays write far more without an answer. */
export const MANY = 100_000;

/** @param paired how many people scan a code at the start */
export function settingsOf(weixin: WeixinSimulator, url: string, paired: number): NodeJS.ProcessEnv {
  return {
    WEIXIN_QR_URL: url,
    WEIXIN_API_URL: url,
    WEIXIN_CDN_URL: weixin.store.url,
    WEIXIN_STORE_KEYS: '5a'.repeat(32),
    WEIXIN_WINDOW_MESSAGES: String(MANY),
    WEIXIN_GAP_MS: '0',
    WEIXIN_PAIR_AT_START: String(paired),
    MEDIA_PRIVATE_HOSTS: new URL(weixin.url).host,
  };
}

/** @param words of the people who have paired a contact */
export async function weixinHome(
  hub: HubFixture,
  words: string[],
  through: Through = straight,
): Promise<WeixinHome> {
  const weixin = await WeixinSimulator.open({ scanning: words, quota: MANY });
  const url = await through(weixin.url);
  // The address that WeChat names for the API after a login.
  weixin.api.url = url;
  const app = await hub.app('adapter-weixin', 'dist/apps/adapter-weixin/src/main.js', {
    NATS_CREDS: await hub.admit('weixin'),
    ...settingsOf(weixin, url, words.length),
  });
  await until('everybody to be paired', () => words.every((word) => weixin.person(word).bot?.isStarted));
  return {
    network: 'weixin',
    app,
    weixin,
    channel: CHANNEL,
    person: (word) => weixin.person(word),
    // A contact may write only after the person wrote.
    signIn: (person) => person.act({ do: 'write', to: CHANNEL, text: '/help' }),
    ghostOf: (seenBy, foreign, name) =>
      new SimulatedPhone(seenBy, undefined).numberOf(name, foreign.split('@').at(-1) ?? ''),
    stop: () => weixin.close(),
  };
}
